# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced by tests/full/*.sh: a Chromium without a screen, driven through WebDriver (W3C) by curl.
#
#   browser_start               skips the whole test, aloud, where something is missing
#   browser_open FILE           a local page
#   browser_run SCRIPT          the value that the script returns, as JSON; the script holds no double quotes
#   browser_click SELECTOR      a real click on the element
#   browser_type SELECTOR TEXT  keys into the element
#   browser_size WIDTH HEIGHT
#   browser_shot FILE           what is seen, as PNG

browser_stop() {
	[ -z "${browser_session:-}" ] || curl -s -X DELETE "$browser_url/session/$browser_session" >/dev/null
	[ -z "${browser_pid:-}" ] || kill "$browser_pid" 2>/dev/null
	browser_session='' browser_pid=''
}

# post PATH JSON
browser_post() {
	curl -s -m 120 -H 'Content-Type: application/json' -X POST -d "$2" "$browser_url/session/$browser_session$1"
}

browser_start() {
	browser_session='' browser_pid=''
	browser_program=
	for browser_program in chromium chromium-browser google-chrome none; do
		! command -v "$browser_program" >/dev/null 2>&1 || break
	done
	for browser_needed in chromedriver curl base64; do
		command -v $browser_needed >/dev/null 2>&1 || { echo "1..0 # SKIP $browser_needed is not there"; exit 0; }
	done
	[ "$browser_program" != none ] || { echo "1..0 # SKIP chromium is not there"; exit 0; }
	: >driver.log
	chromedriver --port=0 >driver.log 2>&1 &
	browser_pid=$!
	browser_port=
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		browser_port=$(sed -n 's/.*started successfully on port \([0-9]*\).*/\1/p' driver.log)
		[ -z "$browser_port" ] || break
		sleep 0.5
	done
	[ -n "$browser_port" ] || { echo "1..0 # SKIP chromedriver does not start"; browser_stop; exit 0; }
	browser_url=http://127.0.0.1:$browser_port
	browser_flags=
	for browser_flag in headless no-sandbox disable-gpu disable-quic no-first-run disable-background-networking \
		disable-component-update disable-sync hide-scrollbars "user-data-dir=$PWD/profile"; do
		browser_flags="$browser_flags\"--$browser_flag\","
	done
	browser_session=$(curl -s -m 120 -H 'Content-Type: application/json' -X POST "$browser_url/session" -d '{"capabilities":{"alwaysMatch":{
		"goog:chromeOptions":{"binary":"'"$(command -v "$browser_program")"'","args":['"${browser_flags%,}"']},
		"goog:loggingPrefs":{"browser":"ALL"}}}}' | sed -n 's/.*"sessionId":"\([^"]*\)".*/\1/p')
	[ -n "$browser_session" ] || { echo "1..0 # SKIP chromium does not start"; browser_stop; exit 0; }
}

browser_open() {
	browser_post /url '{"url":"file://'"$1"'"}' >/dev/null
}

browser_run() {
	browser_post /execute/sync '{"script":"'"$1"'","args":[]}' | sed 's/^{"value"://; s/}$//'
}

browser_find() {
	browser_post /element '{"using":"css selector","value":"'"$1"'"}' | sed -n 's/.*"element-6066-11e4-a52e-4f735466cecf":"\([^"]*\)".*/\1/p'
}

browser_click() {
	browser_element=$(browser_find "$1")
	[ -n "$browser_element" ] || { echo "no element $1"; return 1; }
	browser_post "/element/$browser_element/click" '{}' | grep -q '"value":null' || { echo "cannot click $1"; return 1; }
}

browser_type() {
	browser_element=$(browser_find "$1")
	[ -n "$browser_element" ] || { echo "no element $1"; return 1; }
	browser_post "/element/$browser_element/value" '{"text":"'"$2"'"}' | grep -q '"value":null' || { echo "cannot type into $1"; return 1; }
}

browser_size() {
	browser_post /window/rect '{"width":'"$1"',"height":'"$2"'}' >/dev/null
}

browser_shot() {
	curl -s "$browser_url/session/$browser_session/screenshot" | sed 's/^{"value":"//; s/"}$//' | base64 -d >"$1"
}

# What the page complained of: script errors, and anything that it wanted from elsewhere.
browser_complaints() {
	browser_post /se/log '{"type":"browser"}' | grep -o '"message":"[^"]*"'
}
