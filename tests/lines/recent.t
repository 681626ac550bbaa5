# SPDX-License-Identifier: GPL-2.0-or-later
# -m recent: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m recent --set ; -m recent --set --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --set --name ssh --rsource ; -m recent --set --name ssh --mask 255.255.255.255 --rsource ; OK
-m recent ! --set --name ssh ; -m recent ! --set --name ssh --mask 255.255.255.255 --rsource ; OK
-m recent --rcheck --seconds 60 --hitcount 4 --name SSH --rsource ; -m recent --rcheck --seconds 60 --hitcount 4 --name SSH --mask 255.255.255.255 --rsource ; OK
-m recent --update --seconds 60 --hitcount 4 --rttl --name SSH --mask 255.255.255.0 --rsource ; = ; OK
-m recent ! --rcheck --name bad --rdest ; -m recent ! --rcheck --name bad --mask 255.255.255.255 --rdest ; OK
-m recent --remove --name bad --rdest ; -m recent --remove --name bad --mask 255.255.255.255 --rdest ; OK
-m recent ! --remove --name bad ; -m recent ! --remove --name bad --mask 255.255.255.255 --rsource ; OK
-m recent --update --seconds 3600 --reap --name x --rsource ; -m recent --update --seconds 3600 --reap --name x --mask 255.255.255.255 --rsource ; OK
-m recent --rcheck --name x --rdest --rsource ; -m recent --rcheck --name x --mask 255.255.255.255 --rsource ; OK
-m recent --rcheck --name x --rsource --rdest ; -m recent --rcheck --name x --mask 255.255.255.255 --rdest ; OK
-m recent --rcheck --reap ; ; FAIL --reap needs --seconds
-m recent --rcheck --seconds 0 ; ; FAIL 0 is out of range (1 to 4294967295)
-m recent --rcheck --seconds 4294967295 ; -m recent --rcheck --seconds -1 --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --rcheck --hitcount 0 ; -m recent --rcheck --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --rcheck --hitcount 65534 ; -m recent --rcheck --hitcount 65534 --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --rcheck --hitcount 65535 ; -m recent --rcheck --hitcount 65535 --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --rcheck --hitcount 65536 ; ; FAIL --hitcount 65536 is too large (at most 65535)
-m recent --set --seconds 60 ; ; FAIL --seconds and --hitcount cannot stand together with --set or --remove
-m recent --set --hitcount 3 ; ; FAIL --seconds and --hitcount cannot stand together with --set or --remove
-m recent --remove --seconds 60 ; ; FAIL --seconds and --hitcount cannot stand together with --set or --remove
-m recent --set --rttl ; ; FAIL --rttl cannot stand together with --set or --remove
-m recent --rttl --set ; ; FAIL --set cannot stand together with another action or --rttl
-m recent --set --update ; ; FAIL --update cannot stand together with another action
-m recent --name x ; ; FAIL recent needs --set, --rcheck, --update or --remove
-m recent ; ; FAIL recent needs --set, --rcheck, --update or --remove
-m recent --set --set ; ; FAIL --set is given twice
-m recent --set --name "" ; ; FAIL "" is not a good name
-m recent --set --name a/b ; ; FAIL "a/b" is not a good name
-m recent --set --name . ; ; FAIL "." is not a good name
-m recent --set --name "a b" ; -m recent --set --name a b --mask 255.255.255.255 --rsource ; OK
-m recent --set --mask 255.0.0.0 ; -m recent --set --name DEFAULT --mask 255.0.0.0 --rsource ; OK
-m recent --set --mask 24 ; -m recent --set --name DEFAULT --mask 0.0.0.24 --rsource ; OK
-m recent --set --mask 10.0.0.0/8 ; ; FAIL "10.0.0.0/8" is not a mask
-m recent --set --mask abc.. ; ; FAIL "abc.." is not an address
-m recent --rcheck --seconds abc ; ; FAIL "abc" is not a number from 1 to 4294967295
-m recent --rcheck --seconds -1 ; ; FAIL "-1" is not a number from 1 to 4294967295
-m recent --rcheck ! --seconds 10 ; ; FAIL --seconds cannot be inverted
-m recent ! --update --seconds 10 --name y ; -m recent ! --update --seconds 10 --name y --mask 255.255.255.255 --rsource ; OK
-m recent --upd --sec 10 ; -m recent --update --seconds 10 --name DEFAULT --mask 255.255.255.255 --rsource ; OK

# family ipv6
-m recent --set --name six --rsource ; -m recent --set --name six --mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff --rsource ; OK
-m recent --set --mask ffff:ffff:: --name six ; -m recent --set --name six --mask ffff:ffff:: --rsource ; OK
-m recent --set --mask 255.255.255.0 ; ; FAIL "255.255.255.0" is not an IPv6 address
