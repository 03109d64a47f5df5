import { expect, it } from 'vitest';
import * as everything from '../src/index.ts';
import * as otlp from '../src/otlp/index.ts';

it('exports these names and no others', () => {
  expect(Object.keys(everything).sort()).toEqual([
    'CRYPTRAIL_SCOPE',
    'EventCodeProcessor',
    'ExporterError',
    'createDelivery',
    'createExporter',
    'createGroupingExporter',
    'createRecordFinder',
    'cutGroup',
    'decodeLogsRequest',
    'emitEvent',
    'emitRecord',
    'encodeInput',
    'encodeLogs',
    'encodeRequest',
    'groupByResource',
    'joinGroups',
    'probeBackend',
    'resolveEndpoint',
    'setUpCryptrail',
    'takeApart',
    'toOtlpJson',
    'toOtlpJsonLine',
    'toOtlpProtobuf',
    'toReadableLogRecord',
  ]);
});

it('exports these names from /otlp, which needs no OpenTelemetry package', () => {
  expect(Object.keys(otlp).sort()).toEqual([
    'JsonRequest',
    'cutGroup',
    'decodeLogsRequest',
    'encodeInput',
    'encodeLogs',
    'encodeRequest',
    'groupByResource',
    'joinGroups',
    'requestJson',
    'takeApart',
    'toOtlpJson',
    'toOtlpJsonLine',
    'toOtlpProtobuf',
  ]);
});
