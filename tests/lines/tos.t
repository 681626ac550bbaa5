# SPDX-License-Identifier: GPL-2.0-or-later
# -m tos and -j TOS: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m tos --tos 0x10 ; -m tos --tos 0x10/0xff ; OK
-m tos --tos 16 ; -m tos --tos 0x10/0xff ; OK
-m tos --tos 0x10/0x3f ; = ; OK
-m tos ! --tos 0x10/0x3f ; = ; OK
-m tos --tos Minimize-Delay ; -m tos --tos 0x10/0x3f ; OK
-m tos --tos minimize-delay ; -m tos --tos 0x10/0x3f ; OK
-m tos --tos Minimize-D ; ; FAIL unknown type of service "Minimize-D"
-m tos --tos Minimize ; ; FAIL unknown type of service "Minimize"
-m tos --tos Normal-Service ; -m tos --tos 0x00/0x3f ; OK
-m tos --tos 0 ; -m tos --tos 0x00/0xff ; OK
-m tos --tos 255 ; -m tos --tos 0xff/0xff ; OK
-m tos --tos 256 ; ; FAIL 256 is out of range (0 to 255)
-m tos --tos 1/256 ; ; FAIL 256 is out of range (0 to 255)
-m tos --tos abc ; ; FAIL unknown type of service "abc"
-m tos --tos "" ; ; FAIL a type of service is missing
-m tos ; ; FAIL tos needs --tos value[/mask]
-m tos --tos 1 --tos 2 ; ; FAIL --tos is given twice

# table mangle
-j TOS --set-tos 0x10 ; -j TOS --set-tos 0x10/0xff ; OK
-j TOS --set-tos 0x10/0x1c ; = ; OK
-j TOS --set-tos Maximize-Throughput ; -j TOS --set-tos 0x08/0x3f ; OK
-j TOS --and-tos 0xf0 ; -j TOS --set-tos 0x00/0x0f ; OK
-j TOS --or-tos 0x08 ; -j TOS --set-tos 0x08/0x08 ; OK
-j TOS --xor-tos 0x04 ; -j TOS --set-tos 0x04/0x00 ; OK
-j TOS --set-tos 0 ; -j TOS --set-tos 0x00/0xff ; OK
-j TOS --set-tos 256 ; ; FAIL 256 is out of range (0 to 255)
-j TOS --and-tos 256 ; ; FAIL 256 is out of range (0 to 255)
-j TOS --set-tos 1 --and-tos 1 ; ; FAIL --and-tos cannot stand together with another option of TOS
-j TOS ; ; FAIL TOS needs --set-tos, --and-tos, --or-tos or --xor-tos
-j TOS --set-tos Minimize-Delay/0x1 ; ; FAIL "Minimize-Delay" is not a number from 0 to 255

# table filter
-j TOS --set-tos 0x10 ; ; FAIL TOS cannot be used in table filter

# family ipv6
-m tos --tos 0x10/0x3f ; = ; OK
# table mangle
-j TOS --set-tos 0x10/0xff ; = ; OK
