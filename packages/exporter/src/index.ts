export type { RunningTables } from '@cryptrail/mapper';
