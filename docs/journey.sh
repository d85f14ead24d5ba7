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

# 6. Somebody refuses the face comparison; two reviewers decide. The demonstration left its reviewers' devices in the data folder.
staff=$(cat "${HUFU_DATA:-data}/secrets/demo-staff.json")
signed_in() { # the session of reviewer $1: both factors; a code that was used a moment ago is not used again
  for step in 0 1; do
    at=$url/v1/staff/sign-ins/$(send "$url/v1/staff/sign-ins" --json "{\"login_name\": \"$(get "[$1]['login_name']" <<<"$staff")\"}" | get "['id']")
    send "$at/password" --json "{\"password\": \"$(get "[$1]['password']" <<<"$staff")\"}" -o /dev/null
    session=$(curl -sS "$at/totp" --json "{\"code\": \"$(totp "$(get "[$1]['seed']" <<<"$staff")" $step)\"}" | get ".get('session_token', '')")
    if [ -n "$session" ]; then echo "Authorization: Bearer $session"; return; fi
  done
  return 1
}
opened=$(send "$url/v1/proofings" -H "Authorization: Bearer $token" --json '{"language": "en"}')
id=$(get "['id']" <<<"$opened"); proofing=$url/v1/proofings/$id
applicant="Authorization: Bearer $(get "['applicant_token']" <<<"$opened")"
for answer in identity_verification:true face_comparison:false; do
  text=$(send "$url/v1/notices?language=en&purpose=${answer%:*}" | get "[0]['text_sha256']")
  send "$proofing/consents" -H "$applicant" -o /dev/null \
    --json "{\"purpose\": \"${answer%:*}\", \"given\": ${answer#*:}, \"text_sha256\": \"$text\", \"channel\": \"kiosk\"}"
done
rm "$pictures"/*; $bin/hufu specimens draw --out "$pictures" --count 1 --seed $RANDOM >/dev/null
send -T "$(ls "$pictures"/*.portrait.jpg)" "$proofing/evidence/resident-card/portrait" -H "$applicant" -o /dev/null
send -T "$(ls "$pictures"/*.emblem.jpg)" "$proofing/evidence/resident-card/emblem" -H "$applicant" -o /dev/null
send -X POST "$proofing/submission" -H "$applicant" -o /dev/null
send "$proofing?wait=30" -H "$applicant" | get "['decision']['reasons']"
for who in 0 1; do
  reviewer=$(signed_in $who)
  review=$url/v1/reviews/$(send "$url/v1/reviews?limit=100" -H "$reviewer" | get "['items']" | $bin/python -c "import ast, sys; print(next(r['id'] for r in ast.literal_eval(sys.stdin.read()) if r['proofing_id'] == '$id'))")
  send -X POST "$review/claim" -H "$reviewer" -o /dev/null
  send "$review" -H "$reviewer" | get "['fields']['name']"
  send "$review/images/resident-card-portrait" -H "$reviewer" -o "$pictures/seen-by-$who.jpg"
  send "$review/votes" -H "$reviewer" --json '{"outcome": "accept", "reason": "Compared with the card at the branch: the same person."}' | get "['phase']"
done
send "$proofing" -H "$applicant" | get "['state']"
rm -r "$pictures"
