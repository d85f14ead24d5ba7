#!/usr/bin/env bash
# The main road with curl, against a running `make run`: a stranger becomes a customer who signs in.
set -euo pipefail
url=${HUFU_URL:-http://127.0.0.1:8000}; bin=.venv/bin; pictures=$(mktemp -d)
get() { $bin/python -c "import json, sys; print(json.load(sys.stdin)$1)"; }
send() { curl -sS --fail-with-body -H "Accept-Language: en" "$@"; }
totp() { $bin/python -c "import pyotp, time; print(pyotp.TOTP('$1').at(time.time(), counter_offset=$2))"; }

# 1. Clients: a kiosk that opens proofings, and the bank's own app. A secret is shown once.
kiosk=$($bin/hufu clients create --name "Branch kiosk" --kind kiosk --purpose "opening accounts" --audience "$url" \
  --scope proofing:create --scope proofing:read --grant client_credentials)
app=$($bin/hufu clients create --name "Mobile bank" --kind frontend --first-party --public --purpose "mobile banking" \
  --audience "$url" --scope account:read --scope sessions:manage \
  --grant authorization_code --grant refresh_token | get "['client_id']")
token=$(send "$url/oauth2/token" -d grant_type=client_credentials \
  -u "$(get "['client_id']" <<<"$kiosk"):$(get "['client_secret']" <<<"$kiosk")" | get "['access_token']")

# 2. A proofing is opened; the applicant gets a token good for it alone and answers two notices.
opened=$(send "$url/v1/proofings" -H "Authorization: Bearer $token" --json '{"language": "en"}')
proofing=$url/v1/proofings/$(get "['id']" <<<"$opened")
applicant="Authorization: Bearer $(get "['applicant_token']" <<<"$opened")"
for purpose in identity_verification face_comparison; do
  text=$(send "$url/v1/notices?language=en&purpose=$purpose" | get "[0]['text_sha256']")
  send "$proofing/consents" -H "$applicant" -o /dev/null \
    --json "{\"purpose\": \"$purpose\", \"given\": true, \"text_sha256\": \"$text\", \"channel\": \"kiosk\"}"
done

# 3. Both sides of the card and a face, then the examination; GET waits for the decision.
$bin/hufu specimens draw --out "$pictures" --count 1 --seed $RANDOM >/dev/null
send -T "$(ls "$pictures"/*.portrait.jpg)" "$proofing/evidence/resident-card/portrait" -H "$applicant" -o /dev/null
send -T "$(ls "$pictures"/*.emblem.jpg)" "$proofing/evidence/resident-card/emblem" -H "$applicant" -o /dev/null
send -T "$(ls "$pictures"/*.face.jpg)" "$proofing/face" -H "$applicant" -o /dev/null
send -X POST "$proofing/submission" -H "$applicant" -o /dev/null
send "$proofing?wait=30" -H "Authorization: Bearer $token" | get "['decision']"

# 4. A phone is proven by a code (shown at /sandbox/messages), then a password and an authenticator app are bound.
phone=139$(printf '%08d' $((RANDOM * RANDOM % 100000000)))
send "$proofing/contact" -H "$applicant" --json "{\"channel\": \"phone\", \"address\": \"$phone\"}" -o /dev/null
sleep 1
code=$(send "$url/sandbox/messages.json" | get "[0]['body']" | grep -oE '\b[0-9]{6}\b')
send "$proofing/contact/code" -H "$applicant" --json "{\"code\": \"$code\"}" -o /dev/null
send -X PUT "$proofing/password" -H "$applicant" --json '{"password": "Kranich-Lotus-47"}' -o /dev/null
seed=$(send -X POST "$proofing/totp" -H "$applicant" | get "['seed']")
send "$proofing/totp/confirmation" -H "$applicant" --json "{\"code\": \"$(totp "$seed" 0)\"}" | get "['state']"

# 5. The customer signs in: password, one-time code, authorization code, token.
verifier=$($bin/python -c "import secrets; print(secrets.token_urlsafe(32))")
challenge=$($bin/python -c "import base64, hashlib; print(base64.urlsafe_b64encode(hashlib.sha256(b'$verifier').digest()).decode().rstrip('='))")
login=$url/v1/logins/$(send "$url/v1/logins" --json "{\"client_id\": \"$app\", \"identifier\": \"$phone\", \"code_challenge\": \"$challenge\"}" | get "['id']")
send "$login/password" --json '{"password": "Kranich-Lotus-47"}' | get "['needed']"
send "$login/totp" --json "{\"code\": \"$(totp "$seed" 1)\"}" -o /dev/null
code=$(send -X POST "$login/completion" | get "['code']")
mine=$(send "$url/oauth2/token" -d grant_type=authorization_code -d code="$code" -d code_verifier="$verifier" -d client_id="$app" | get "['access_token']")
send "$url/v1/me" -H "Authorization: Bearer $mine"; echo
rm -r "$pictures"
