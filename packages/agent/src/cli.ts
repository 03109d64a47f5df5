process.stderr.write('cryptrail has no commands yet\n');

export {};
