# SPDX-License-Identifier: GPL-2.0-or-later
# -m string: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m string --string hello --algo bm ; -m string --string "hello" --algo bm ; OK
-m string --string "GET /index" --algo kmp ; = ; OK
-m string ! --string hello --algo bm ; -m string ! --string "hello" --algo bm ; OK
-m string --string hello --algo fsm ; ; FAIL unknown algorithm "fsm"
-m string --string hello --algo BM ; ; FAIL unknown algorithm "BM"
-m string --string hello ; ; FAIL string needs --algo algorithm
-m string --algo bm ; ; FAIL string needs --string or --hex-string
-m string ; ; FAIL string needs --algo algorithm
-m string --string hello --algo bm --from 28 ; -m string --string "hello" --algo bm --from 28 ; OK
-m string --string hello --algo bm --to 100 ; -m string --string "hello" --algo bm --to 100 ; OK
-m string --string hello --algo bm --from 28 --to 100 ; -m string --string "hello" --algo bm --from 28 --to 100 ; OK
-m string --string hello --algo bm --from 100 --to 28 ; ; FAIL --from 100 is behind --to 28
-m string --string hello --algo bm --from 65536 ; ; FAIL 65536 is out of range (0 to 65535)
-m string --string hello --algo bm --icase ; -m string --string "hello" --algo bm --icase ; OK
-m string --hex-string "|47 45|T" --algo bm ; -m string --string "GET" --algo bm ; OK
-m string --hex-string "|0d0a|" --algo bm ; = ; OK
-m string ! --hex-string "|00 01|" --algo kmp ; -m string ! --hex-string "|0001|" --algo kmp ; OK
-m string --hex-string "abc" --algo bm ; -m string --string "abc" --algo bm ; OK
-m string --hex-string "|4|" --algo bm ; ; FAIL two hexadecimal digits each, and a bar at the end
-m string --hex-string "|47" --algo bm ; ; FAIL two hexadecimal digits each, and a bar at the end
-m string --hex-string "|zz|" --algo bm ; ; FAIL two hexadecimal digits each, and a bar at the end
-m string --hex-string "a|| b" --algo bm ; ; FAIL two hexadecimal digits each, and a bar at the end
-m string --hex-string "|ff|x|fe|" --algo bm ; -m string --hex-string "|ff78fe|" --algo bm ; OK
-m string --string hello --hex-string "|00|" --algo bm ; ; FAIL --hex-string cannot stand together with --string
-m string --string "say \"hi\"" --algo bm ; = ; OK
-m string --string "a\\b" --algo bm ; = ; OK
-m string --string "ends\\" --algo bm ; -m string --hex-string "|656e64735c|" --algo bm ; OK
-m string --string 12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678 --algo bm ; -m string --string "12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678" --algo bm ; OK
-m string --string 123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789 --algo bm ; ; FAIL the string is longer than 128 characters
-m string --string "" --algo bm ; ; FAIL the string is empty
-m string --string é --algo bm ; -m string --hex-string "|c3a9|" --algo bm ; OK
-m string --string a --string b --algo bm ; ; FAIL --string is given twice

# family ipv6
-m string --string hello --algo bm --from 40 ; -m string --string "hello" --algo bm --from 40 ; OK
