# SPDX-License-Identifier: GPL-2.0-or-later
# -m length: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m length --length 100 ; = ; OK
-m length --length 100:200 ; = ; OK
-m length --length :200 ; -m length --length 0:200 ; OK
-m length --length 100: ; -m length --length 100:65535 ; OK
-m length --length : ; -m length --length 0:65535 ; OK
-m length --length 0 ; = ; OK
-m length --length 0:65535 ; = ; OK
-m length ! --length 100 ; = ; OK
-m length ! --length 100:200 ; = ; OK
-m length --length 65535 ; = ; OK
-m length --length 65536 ; ; FAIL 65536 is out of range (0 to 65535)
-m length --length 200:100 ; = ; OK
-m length --length 1:2:3 ; ; FAIL "1:2:3" has more than two parts
-m length --length 0x64 ; -m length --length 100 ; OK
-m length --length abc ; ; FAIL "abc" is not a number from 0 to 65535
-m length --length -1 ; ; FAIL "-1" is not a number from 0 to 65535
-m length ; ; FAIL length needs --length length[:length]
-m length --length 100:100 ; -m length --length 100 ; OK
-m length --length 40:65535 ; = ; OK
-m length --length 1500x ; ; FAIL "1500x" is not a number from 0 to 65535
-m length --len 5 ; -m length --length 5 ; OK
-m length --length 0:0 ; -m length --length 0 ; OK
-m length ! --length :1500 ; -m length ! --length 0:1500 ; OK
-m length --length 65535: ; -m length --length 65535 ; OK

# family ipv6
-m length --length 40: ; -m length --length 40:65535 ; OK
-m length --length "" ; -m length --length 0 ; OK
