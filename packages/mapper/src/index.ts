export type { RunningTables } from '@cryptrail/catalogue';
