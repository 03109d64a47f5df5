import type { DeviceError } from '@cryptrail/integrity';
import type { LogRecord } from '@cryptrail/mapper';

/** SeverityNumber of ERROR. */
const ERROR = 17;
/** Loggers and messages of the parts that reach an HSM. */
const HSM = /pkcs ?#?11|\bckr_|\bhsm\b|crypto ?token|cryptoki/i;
/** Loggers and messages of the parts that reach the database. */
const DATABASE = /\bsql|sqlexception|jdbc|hibernate|datasource|database|persistence/i;

/**
 * The error of the database or the HSM that a line beside the audit events tells of; undefined for all other lines. Audit events that failed are
 * none: a refused administrator is no outage.
 */
export function deviceErrorOf(record: LogRecord): DeviceError | undefined {
  const { product, severityNumber, timeUnixNano, body } = record;
  if (product !== undefined || severityNumber < ERROR || timeUnixNano === 0n) return undefined;
  // The first line names the part; a stack trace behind it passes through many.
  const [line = ''] = body.split('\n', 1);
  const device = HSM.test(line) ? 'hsm' : DATABASE.test(line) ? 'database' : undefined;
  return device && { timeMillis: Number(timeUnixNano / 1_000_000n), device };
}
