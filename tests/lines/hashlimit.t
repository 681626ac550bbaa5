# SPDX-License-Identifier: GPL-2.0-or-later
# -m hashlimit: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m hashlimit --hashlimit-upto 5/sec --hashlimit-name a ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-name a ; OK
-m hashlimit --hashlimit 5/sec --hashlimit-burst 10 --hashlimit-mode srcip --hashlimit-name b ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 10 --hashlimit-mode srcip --hashlimit-name b ; OK
-m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-mode srcip,dstip --hashlimit-name c ; = ; OK
-m hashlimit --hashlimit-above 10/min --hashlimit-mode srcip,dstport --hashlimit-name d ; -m hashlimit --hashlimit-above 10/min --hashlimit-burst 5 --hashlimit-mode srcip,dstport --hashlimit-name d ; OK
-m hashlimit --hashlimit-above 10/hour --hashlimit-mode dstport,srcport,dstip,srcip --hashlimit-name e ; -m hashlimit --hashlimit-above 10/hour --hashlimit-burst 5 --hashlimit-mode srcip,srcport,dstip,dstport --hashlimit-name e ; OK
-m hashlimit --hashlimit-upto 3/day --hashlimit-name f ; ; FAIL this burst at so low a rate overflows the kernel's arithmetic
-m hashlimit ! --hashlimit-upto 3/day --hashlimit-name f ; ; FAIL this burst at so low a rate overflows the kernel's arithmetic
-m hashlimit ! --hashlimit-above 3/day --hashlimit-name f ; ; FAIL this burst at so low a rate overflows the kernel's arithmetic
-m hashlimit --hashlimit-upto 5 --hashlimit-name g ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-name g ; OK
-m hashlimit --hashlimit-upto 1000000/s --hashlimit-name g ; -m hashlimit --hashlimit-upto 1000000/sec --hashlimit-burst 5 --hashlimit-name g ; OK
-m hashlimit --hashlimit-upto 1000001/s --hashlimit-name g ; ; FAIL the rate 1000001/s is too fast
-m hashlimit --hashlimit-upto 5/week --hashlimit-name g ; ; FAIL "5/week" is not a rate
-m hashlimit --hashlimit-upto 5/ --hashlimit-name g ; ; FAIL "5/" is not a rate
-m hashlimit --hashlimit-upto 0/s --hashlimit-name g ; ; FAIL "0/s" is not a rate
-m hashlimit --hashlimit-upto abc --hashlimit-name g ; ; FAIL "abc" is not a rate
-m hashlimit --hashlimit-upto 7/s --hashlimit-name g ; -m hashlimit --hashlimit-upto 7/sec --hashlimit-burst 5 --hashlimit-name g ; OK
-m hashlimit --hashlimit-upto 90/min --hashlimit-name g ; -m hashlimit --hashlimit-upto 90/min --hashlimit-burst 5 --hashlimit-name g ; OK
-m hashlimit --hashlimit-upto 100/min --hashlimit-name g ; -m hashlimit --hashlimit-upto 100/min --hashlimit-burst 5 --hashlimit-name g ; OK
-m hashlimit --hashlimit-upto 5/s ; ; FAIL hashlimit needs --hashlimit-name name
-m hashlimit --hashlimit-name x ; ; FAIL hashlimit needs --hashlimit-upto or --hashlimit-above
-m hashlimit --hashlimit-upto 5/s --hashlimit-above 5/s --hashlimit-name x ; ; FAIL --hashlimit-above cannot stand together with --hashlimit-upto
-m hashlimit --hashlimit-upto 5/s --hashlimit-name "" ; ; FAIL --hashlimit-name needs at least 1 character
-m hashlimit --hashlimit-upto 5/s --hashlimit-name a/b ; ; FAIL "a/b" is not a good name
-m hashlimit --hashlimit-upto 5/s --hashlimit-mode srcip --hashlimit-name s --hashlimit-srcmask 24 ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name s --hashlimit-srcmask 24 ; OK
-m hashlimit --hashlimit-upto 5/s --hashlimit-mode srcip --hashlimit-name s --hashlimit-srcmask 0 ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name s --hashlimit-srcmask 0 ; OK
-m hashlimit --hashlimit-upto 5/s --hashlimit-mode srcip --hashlimit-name s --hashlimit-srcmask 32 ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name s ; OK
-m hashlimit --hashlimit-upto 5/s --hashlimit-mode srcip --hashlimit-name s --hashlimit-srcmask 33 ; ; FAIL 33 is out of range (0 to 32)
-m hashlimit --hashlimit-upto 5/s --hashlimit-mode dstip --hashlimit-name s --hashlimit-dstmask 16 ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-mode dstip --hashlimit-name s --hashlimit-dstmask 16 ; OK
-m hashlimit --hashlimit-upto 5/s --hashlimit-mode srcip|dstip --hashlimit-name s ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-mode srcip,dstip --hashlimit-name s ; OK
-m hashlimit --hashlimit-upto 5/s --hashlimit-mode srcip,dstip|srcport --hashlimit-name s ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-mode srcip,srcport,dstip --hashlimit-name s ; OK
-m hashlimit --hashlimit-upto 5/s --hashlimit-mode srcip|dstip,srcport --hashlimit-name s ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-mode srcip,srcport,dstip --hashlimit-name s ; OK
-m hashlimit --hashlimit-upto 5/s --hashlimit-mode ,srcip||dstip| --hashlimit-name s ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-mode srcip,dstip --hashlimit-name s ; OK
-m hashlimit --hashlimit-upto 5/s --hashlimit-mode srcip,,dstip --hashlimit-name s ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-mode srcip,dstip --hashlimit-name s ; OK
-m hashlimit --hashlimit-upto 5/s --hashlimit-mode nothing --hashlimit-name s ; ; FAIL unknown mode "nothing"
-m hashlimit --hashlimit-upto 5/s --hashlimit-name s --hashlimit-burst 0 ; ; FAIL "0" is not a burst from 1 to 1000000
-m hashlimit --hashlimit-upto 5/s --hashlimit-name s --hashlimit-burst 1000000 ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 1000000 --hashlimit-name s ; OK
-m hashlimit --hashlimit-upto 5/s --hashlimit-name s --hashlimit-burst 1000001 ; ; FAIL "1000001" is not a burst from 1 to 1000000
-m hashlimit --hashlimit-upto 5/s --hashlimit-name s --hashlimit-burst 10x ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 10 --hashlimit-name s ; OK
-m hashlimit --hashlimit-upto 5/s --hashlimit-name s --hashlimit-burst 1k ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 1024 --hashlimit-name s ; OK
-m hashlimit --hashlimit-upto 5/s --hashlimit-name s --hashlimit-burst abc ; ; FAIL "abc" is not a burst from 1 to 1000000
-m hashlimit --hashlimit-upto 5/s --hashlimit-name s --hashlimit-htable-size 100 ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-name s --hashlimit-htable-size 100 ; OK
-m hashlimit --hashlimit-upto 5/s --hashlimit-name s --hashlimit-htable-max 100 ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-name s --hashlimit-htable-max 100 ; OK
-m hashlimit --hashlimit-upto 5/s --hashlimit-name s --hashlimit-htable-expire 30000 ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-name s --hashlimit-htable-expire 30000 ; OK
-m hashlimit --hashlimit-upto 5/s --hashlimit-name s --hashlimit-htable-expire 1000 ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-name s ; OK
-m hashlimit --hashlimit-upto 5/s --hashlimit-name s --hashlimit-htable-expire 0 ; ; FAIL --hashlimit-htable-gcinterval and -expire cannot be 0
-m hashlimit --hashlimit-upto 5/s --hashlimit-name s --hashlimit-htable-gcinterval 5000 ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-name s --hashlimit-htable-gcinterval 5000 ; OK
-m hashlimit --hashlimit-upto 5/s --hashlimit-name s --hashlimit-htable-gcinterval 0 ; ; FAIL --hashlimit-htable-gcinterval and -expire cannot be 0
-m hashlimit --hashlimit-upto 5/min --hashlimit-name s --hashlimit-htable-expire 60000 ; -m hashlimit --hashlimit-upto 5/min --hashlimit-burst 5 --hashlimit-name s ; OK
-m hashlimit --hashlimit-upto 512kb/s --hashlimit-name by ; = ; OK
-m hashlimit --hashlimit-above 512kb/s --hashlimit-burst 1mb --hashlimit-mode srcip --hashlimit-name by ; = ; OK
-m hashlimit --hashlimit-above 1mb/s --hashlimit-burst 1kb --hashlimit-name by ; ; FAIL the burst must be at least a second's worth: 1048576 bytes
-m hashlimit --hashlimit-above 1000b/s --hashlimit-name by ; -m hashlimit --hashlimit-above 992b/s --hashlimit-name by ; OK
-m hashlimit --hashlimit-above 10b/s --hashlimit-name by ; -m hashlimit --hashlimit-above 0b/s --hashlimit-name by ; OK
-m hashlimit --hashlimit-above 100mb/s --hashlimit-burst 200m --hashlimit-name by ; -m hashlimit --hashlimit-above 100mb/s --hashlimit-burst 200mb --hashlimit-name by ; OK
-m hashlimit --hashlimit-above b/s --hashlimit-name by ; ; FAIL "b/s" is not a rate
-m hashlimit --hashlimit-above 5000mb/s --hashlimit-name by ; -m hashlimit --hashlimit-above 5286113568b/s --hashlimit-name by ; OK
-m hashlimit --hashlimit-above 65536mb/s --hashlimit-name by ; -m hashlimit --hashlimit-above 0b/s --hashlimit-name by ; OK
-m hashlimit --hashlimit-upto 5/s --hashlimit-name rm --hashlimit-rate-match ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-name rm --hashlimit-rate-match ; OK
-m hashlimit --hashlimit-above 5/min --hashlimit-name rm --hashlimit-rate-match ; -m hashlimit --hashlimit-above 5/sec --hashlimit-burst 5 --hashlimit-name rm --hashlimit-htable-expire 60000 --hashlimit-rate-match --hashlimit-rate-interval 60 ; OK
-m hashlimit --hashlimit-above 5/min --hashlimit-name rm --hashlimit-rate-match --hashlimit-rate-interval 10 ; -m hashlimit --hashlimit-above 5/sec --hashlimit-burst 5 --hashlimit-name rm --hashlimit-htable-expire 60000 --hashlimit-rate-match --hashlimit-rate-interval 10 ; OK
-m hashlimit --hashlimit-above 512kb/s --hashlimit-name rm --hashlimit-rate-match --hashlimit-rate-interval 1 ; -m hashlimit --hashlimit-above 512kb/s --hashlimit-name rm --hashlimit-rate-match ; OK
-m hashlimit --hashlimit-above 512kb/s --hashlimit-name rm --hashlimit-rate-match --hashlimit-rate-interval 5 ; = ; OK
-m hashlimit --hashlimit-above 5/s --hashlimit-name ri --hashlimit-rate-interval 5 ; -m hashlimit --hashlimit-above 5/sec --hashlimit-burst 5 --hashlimit-name ri ; OK
-m hashlimit --hashlimit-above 5/s --hashlimit-name rm --hashlimit-rate-match --hashlimit-rate-interval 0 ; ; FAIL "0" is not a number of seconds
-m hashlimit --hashlimit-above 1/day --hashlimit-name rm --hashlimit-burst 10000 ; ; FAIL this burst at so low a rate overflows the kernel's arithmetic
-m hashlimit --hashlimit-above 1/day --hashlimit-name rm --hashlimit-burst 1000000 ; ; FAIL this burst at so low a rate overflows the kernel's arithmetic
-p tcp -m tcp --dport 22 -m hashlimit --hashlimit-upto 1/min --hashlimit-burst 3 --hashlimit-mode srcip --hashlimit-name ssh --hashlimit-htable-expire 120000 ; = ; OK
-m hashlimit ; ; FAIL hashlimit needs --hashlimit-name name

# family ipv6
-m hashlimit --hashlimit-upto 5/sec --hashlimit-mode srcip --hashlimit-name b6 ; -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name b6 ; OK
-m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name b6 --hashlimit-srcmask 64 ; = ; OK
-m hashlimit --hashlimit-upto 5/sec --hashlimit-mode srcip --hashlimit-name b6 --hashlimit-srcmask 129 ; ; FAIL 129 is out of range (0 to 128)
