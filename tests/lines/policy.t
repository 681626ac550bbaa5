# SPDX-License-Identifier: GPL-2.0-or-later
# -m policy: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
-m policy --dir in --pol none ; = ; OK
-m policy --dir in --pol ipsec -j ACCEPT ; = ; OK
-m policy --pol ipsec --dir in ; -m policy --dir in --pol ipsec ; OK
-m policy --dir in ; -m policy --dir in --pol ipsec ; OK
-m policy --dir in --pol ipsec --strict --reqid 1 --spi 0x1 --proto esp --mode tunnel --tunnel-dst 10.0.0.0/8 --tunnel-src 10.0.0.0/8 --next --reqid 2 ; = ; OK
-m policy --dir in --pol ipsec --strict --reqid 1 --spi 0x1 --proto ah --mode tunnel --tunnel-dst 10.0.0.0/8 --tunnel-src 10.0.0.1 ; = ; OK
-m policy --dir in --pol ipsec --strict --reqid 1 --spi 0x1 --proto ipcomp --mode transport ; = ; OK
-m policy --dir in --pol ipsec ! --reqid 5 ! --proto 50 ! --mode transport ; -m policy --dir in --pol ipsec ! --reqid 5 ! --proto esp ! --mode transport ; OK
-m policy --dir in --pol ipsec --strict ! --reqid 1 --next --reqid 2 --next ! --spi 3 --next --proto 51 ; -m policy --dir in --pol ipsec --strict ! --reqid 1 --next --reqid 2 --next ! --spi 0x3 --next --proto ah ; OK
-m policy --dir in --pol ipsec --strict --reqid 1 --next --reqid 2 --next --spi 3 --next --proto 51 --next --reqid 4 ; ; FAIL a policy has at most four elements
-m policy --dir in --pol ipsec --tunnel-src 10.0.0.1/255.0.255.0 --mode tunnel ; -m policy --dir in --pol ipsec --mode tunnel --tunnel-src 10.0.0.1 ; OK
-m policy --dir in --pol ipsec --tunnel-src 10.0.0.1 ; ; FAIL --tunnel-src and --tunnel-dst need tunnel mode
-m policy --dir in --pol ipsec --strict ; ; FAIL with --strict each element needs --reqid, --spi, --proto, --mode or a tunnel
-m policy --dir in --pol none --strict ; ; FAIL --pol none has no transforms
-m policy --dir in --pol none --reqid 4 ; -m policy --dir in --pol none ; OK
-m policy --dir in --pol ipsec --reqid 1 --reqid 2 ; ; FAIL given twice for one element
-m policy --dir in --pol ipsec --reqid 1 --next --reqid 2 ; ; FAIL --next needs --strict
-m policy --dir in --pol ipsec --mode transport --tunnel-src 10.0.0.1 ; ; FAIL --tunnel-src and --tunnel-dst need tunnel mode
-m policy --dir in --pol ipsec ! --mode tunnel --tunnel-src 10.0.0.1 ; ; FAIL --tunnel-src and --tunnel-dst need tunnel mode
-m policy --dir in --pol ipsec --proto tcp ; ; FAIL "tcp" is none of ah, esp and ipcomp
-m policy --dir in --pol ipsec --mode beet ; ; FAIL unknown mode "beet"
-m policy --dir in --pol foo ; ; FAIL unknown policy "foo"
-m policy --dir both --pol none ; ; FAIL unknown direction "both"
-m policy --pol none ; ; FAIL policy needs --dir in or --dir out
-m policy ; ; FAIL policy needs --dir in or --dir out
-m policy --dir out --pol none ; ; FAIL PREROUTING and INPUT know --dir in alone
# chain OUTPUT
-m policy --dir in --pol none ; ; FAIL OUTPUT and POSTROUTING know --dir out alone
-m policy --dir out --pol none ; = ; OK
# chain FORWARD
-m policy --dir out --pol ipsec ; = ; OK
-m policy --dir in --pol ipsec --reqid 7 ; = ; OK
# family ipv6
-m policy --dir in --pol ipsec --strict --mode tunnel --tunnel-dst fd00::/8 --tunnel-src fd00::1/128 --proto esp ; -m policy --dir in --pol ipsec --strict --proto esp --mode tunnel --tunnel-dst fd00::/8 --tunnel-src fd00::1 ; OK
