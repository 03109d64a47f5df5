/** A configuration with everything that most need, explained. It passes its own check. */
export const EXAMPLE_CONFIG = `# Configuration of cryptrail run. Check it with: cryptrail config check FILE
# Any text may name variables of the environment: \${env:NAME}, \${env:NAME:-default}.
# Relative paths begin at the folder of this file.

sources:
  # Files that are written, rotated and added; compressed rotations are read, too.
  - type: file
    include: ["/var/log/acra/*.log*"]
    product: acra              # without it each record is recognised by itself
    start_at: beginning        # or end: what was there before the first start is passed over
    resource:                  # on every record of this source
      deployment.environment.name: production
    silent_after: 1h           # nothing for so long is reported as cryptrail.source.silent

  # The journal of systemd.
  # - { type: journald, units: ["aqtive-guard*"], product: aqtive }

  # The table AuditRecordData of EJBCA or SignServer, with an account that can only read it.
  # - { type: sql, url: "\${env:PKI_DB_URL}", application: ejbca, poll_interval: 10s }

  # OTLP over HTTP, beside a Collector or an SDK. Answered when the backend has answered.
  # - { type: otlp, listen: "127.0.0.1:4319" }

  # Syslog from relays.
  # - { type: syslog, listen: "tcp://127.0.0.1:5514", product: acra }

export:
  otlp:
    endpoint: "\${env:OTEL_EXPORTER_OTLP_ENDPOINT:-http://localhost:4318}"
    protocol: http/protobuf    # or http/json, grpc
    compression: gzip          # or zstd, none
    # headers: { authorization: "Bearer \${env:BACKEND_TOKEN}" }
    # tls: { ca_file: ca.pem, cert_file: agent.pem, key_file: agent.key }
  # A second destination: positions move when both have accepted.
  # file: { path: "/var/lib/cryptrail/archive/%Y-%m-%d.jsonl.gz" }

# Positions and dead letters; one agent at a time. Under systemd, StateDirectory= names it.
state: /var/lib/cryptrail

# Verify what the products put into their own logs, before anything is redacted.
# evidence: { acra: { key_file: audit.key }, cesecore: { keys: keys.json }, seal: { key_file: seal.key } }

# Deliver only what holds all of these; words as for cryptrail convert.
# filters: { event: ["acra.*"], important: true }

# Own event types, priorities and severities.
# overlays: [my-events.json]

# Secrets are always redacted. Own patterns (RE2), and stable pseudonyms for people and addresses:
# redaction:
#   patterns: ['ticket-[0-9]{6}']
#   pseudonymise: { attributes: [user.name, client.address], key_file: pseudonyms.key }

severity: source               # or catalogue: raised to the floor of the event
original: false                # true: the raw line, redacted, as log.record.original
foreign: keep                  # or drop: lines of no known product

telemetry:
  listen: "127.0.0.1:9464"     # /metrics, /healthz, /readyz; or off

shutdown_timeout: 10s
`;
