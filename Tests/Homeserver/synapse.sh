# Sourced, not run: a real homeserver on loopback, for the tests.
#
# synapse_start FOLDER PORT makes and starts one in FOLDER; $synapse_pid is its process.
# synapse_stop ends it. Nothing leaves this machine: no federation, no report, no key server.

# need_synapse installs it and a client library beside the package; fails where it cannot.
need_synapse() {
    local folder=$package_folder/.build-synapse
    synapse_python=$folder/bin/python3
    "$synapse_python" -c 'import synapse, nio, vodozemac, nacl' 2>/dev/null && return 0
    need_debian python3 python3-venv curl
    python3 -m venv "$folder" &&
        "$synapse_python" -m pip install --quiet --disable-pip-version-check \
            matrix-synapse==1.163.2 'matrix-nio[e2e]' pynacl
}

synapse_start() {
    local folder=$1 port=$2 secret=not-a-secret
    mkdir -p "$folder/media"
    cat >"$folder/homeserver.yaml" <<YAML
server_name: "heirloom.test"
public_baseurl: "http://127.0.0.1:$port/"
pid_file: $folder/homeserver.pid
signing_key_path: $folder/signing.key
media_store_path: $folder/media
max_upload_size: ${synapse_upload_limit:-50M}
log_config: $folder/log.yaml
listeners:
  - {port: $port, bind_addresses: ["127.0.0.1"], type: http, resources: [{names: [client], compress: false}]}
database: {name: sqlite3, args: {database: "$folder/homeserver.db"}}
registration_shared_secret: "$secret"
macaroon_secret_key: "$secret"
form_secret: "$secret"
enable_registration: false
report_stats: false
trusted_key_servers: []
suppress_key_server_warning: true
federation_domain_whitelist: []
send_federation: false
url_preview_enabled: false
use_presence: false
bcrypt_rounds: 4
rc_message: &off {per_second: 100000, burst_count: 100000}
rc_registration: *off
rc_login: {address: *off, account: *off, failed_attempts: *off}
rc_joins: {local: *off, remote: *off}
rc_joins_per_room: *off
rc_invites: {per_room: *off, per_user: *off, per_issuer: *off}
rc_key_requests: *off
rc_room_creation: *off
YAML
    cat >"$folder/log.yaml" <<YAML
version: 1
handlers: {f: {class: logging.FileHandler, filename: $folder/homeserver.log}}
root: {level: WARNING, handlers: [f]}
disable_existing_loggers: false
YAML
    [ -f "$folder/signing.key" ] ||
        "$synapse_python" -m synapse._scripts.generate_signing_key -o "$folder/signing.key"
    (cd "$folder" && exec "$synapse_python" -m synapse.app.homeserver -c homeserver.yaml \
        >"$folder/output.log" 2>&1) &
    synapse_pid=$!
    local wait
    for wait in $(seq 300); do
        curl -fs "http://127.0.0.1:$port/_matrix/client/versions" >/dev/null && return 0
        kill -0 "$synapse_pid" 2>/dev/null || break
        sleep 0.1
    done
    cat "$folder/output.log" >&2
    return 1
}

synapse_stop() {
    kill "$synapse_pid" 2>/dev/null || true
    wait "$synapse_pid" 2>/dev/null || true
}
