# What the scripts imap-*.sh share beyond lib.sh: a server with IMAP whose certificate the clients trust, a message that
# is hard to carry, and curl as the witness of what other clients did. IMAP_SERVER=dovecot runs them against Debian's
# Dovecot instead of the node: a script that fails there is wrong itself.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
imap_server=${IMAP_SERVER:-node}
imap_host=localhost
ca=$work/ca.pem

make_certificates() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Test CA' -keyout "$work/ca.key" -out "$ca" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign &&
    openssl req -newkey rsa:2048 -nodes -subj /CN=$imap_host -keyout "$work/tls.key" -out "$work/tls.csr" &&
    printf 'subjectAltName=DNS:%s,IP:127.0.0.1\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n' $imap_host \
      >"$work/tls.ext" &&
    openssl x509 -req -in "$work/tls.csr" -CA "$ca" -CAkey "$work/ca.key" -CAcreateserial -days 2 \
      -extfile "$work/tls.ext" -out "$work/tls.pem"
}

# On ports $imap (STARTTLS) and $imaps (TLS from the first octet), with the accounts $bob and $alice.
start_imap() {
  make_certificates >"$work/openssl.log" 2>&1 || { cat "$work/openssl.log" >&2; exit 1; }
  imap=$(free_port) imaps=$(free_port)
  "start_imap_$imap_server" || exit 1
  make_message >"$work/message.eml"
  make_message | tr -d '\r' >"$work/message.lf"
}

start_imap_node() {
  start_node --set Listeners:imap:Port="$imap" --set Listeners:imaps:Port="$imaps" \
    --set Tls:Certificate="$work/tls.pem" --set Tls:Key="$work/tls.key"
}

start_imap_dovecot() {
  mkdir "$work/mail" && chown mail:mail "$work/mail" && chmod 711 "$work" || return
  printf '%s:{PLAIN}%s:8:8::::\n' "$bob" "$password" "$alice" "$password" >"$work/users"
  cat >"$work/dovecot.conf" <<EOF2
base_dir = $work/run
state_dir = $work/state
log_path = $work/dovecot.log
instance_name = mailcluster-interop
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <$work/tls.pem
ssl_key = <$work/tls.key
first_valid_uid = 1
mail_location = mdbox:~/mdbox
namespace inbox {
  inbox = yes
}
passdb {
  driver = passwd-file
  args = $work/users
}
userdb {
  driver = static
  args = uid=mail gid=mail home=$work/mail/%n
}
service imap-login {
  inet_listener imap {
    port = $imap
  }
  inet_listener imaps {
    port = $imaps
  }
}
EOF2
  dovecot -F -c "$work/dovecot.conf" &
  pids+=("$!")
  wait_for 10 "Dovecot on port $imap" listens "$imap" || { cat "$work/dovecot.log" >&2; return 1; }
}

# What clients and stores like to break: octets above 127, dots, "From " and blanks at line ends, no line too short.
make_message() {
  printf '%s\r\n' 'From: Alice <alice@crepes.fr>' 'To: bob@hamburger.edu' "Subject: ${1:-hard to carry}" \
    "Message-ID: <${2:-hard}@crepes.fr>" 'Date: Mon, 23 Nov 2026 10:00:00 +0000' 'MIME-Version: 1.0' \
    'Content-Type: text/plain; charset=utf-8' 'Content-Transfer-Encoding: 8bit' '' 'Grüße, ärger, 漢字' '.' '..' \
    'From here on' ' blanks ahead and behind ' '' '+ OK' '* 1 EXISTS' ')' "$(printf 'long%.0s' {1..200})" 'the end'
}

refused() { ! "$@"; }

# imap_curl USER PATH [OPTION...]: over STARTTLS.
imap_curl() {
  local user=$1 path=$2
  shift 2
  curl -s --max-time 20 --cacert "$ca" --ssl-reqd -u "$user:$password" "imap://$imap_host:$imap/$path" "$@"
}

# put_message USER FOLDER [FILE]: a new one, though curl calls it \Seen.
put_message() {
  imap_curl "$1" "$2" -T "${3:-$work/message.eml}" && imap_curl "$1" "$2" -X 'STORE * -FLAGS (\Seen)' >"$work/put"
}

count_messages() { imap_curl "$1" "" -X "STATUS $2 (MESSAGES)" | tr -d '\r' | sed -n 's/.*MESSAGES \([0-9]*\).*/\1/p'; }
has_messages() { [ "$(count_messages "$1" "$2")" = "$3" ]; }
has_folder() { imap_curl "$1" "" -X "LIST \"\" \"$2\"" | tr -d '\r"' | grep -q " $2\$"; }
has_no_folder() { ! has_folder "$1" "$2"; }
# flagged USER FOLDER NUMBER FLAG
flagged() { imap_curl "$1" "$2" -X "FETCH $3 (FLAGS)" | grep -qiF -- "$4"; }
# found USER FOLDER COUNT CRITERION: so many messages match.
found() { [ "$(imap_curl "$1" "$2" -X "SEARCH $4" | tr -d '\r' | wc -w)" = $(($3 + 2)) ]; }
same_octets() { imap_curl "$1" "$2;MAILINDEX=$3" | cmp - "${4:-$work/message.eml}"; }
