// Loaded into every program that is measured (`node --import`): tells at its end, on file descriptor 3, what it has used.
import { writeSync } from 'node:fs';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeSync(3, JSON.stringify({ cpuMicros: userCPUTime + systemCPUTime, peakKilobytes: maxRSS }));
});
