# SPDX-License-Identifier: GPL-2.0-or-later
# -m connmark and -j CONNMARK: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m connmark --mark 1 ; -m connmark --mark 0x1 ; OK
-m connmark --mark 0x10 ; = ; OK
-m connmark --mark 0x10/0xff ; = ; OK
-m connmark ! --mark 0x10 ; = ; OK
-m connmark ! --mark 0x10/0xff ; = ; OK
-m connmark --mark 010 ; -m connmark --mark 0x8 ; OK
-m connmark --mark 0 ; -m connmark --mark 0x0 ; OK
-m connmark --mark 4294967295 ; -m connmark --mark 0xffffffff ; OK
-m connmark --mark 4294967296 ; ; FAIL 4294967296 is out of range (0 to 4294967295)
-m connmark --mark abc ; ; FAIL "abc" is not a number from 0 to 4294967295
-m connmark --mark 1/ ; ; FAIL "" is not a number from 0 to 4294967295
-m connmark ; ; FAIL connmark needs --mark value[/mask]
-m connmark --mark 1 --mark 2 ; ; FAIL --mark is given twice

# table mangle
# chain PREROUTING
-j CONNMARK --set-mark 1 ; -j CONNMARK --set-xmark 0x1/0xffffffff ; OK
-j CONNMARK --set-xmark 0x1/0xff ; = ; OK
-j CONNMARK --set-mark 0x1ff/0xff ; -j CONNMARK --set-xmark 0x1ff/0x1ff ; OK
-j CONNMARK --set-xmark 0x100/0xff ; = ; OK
-j CONNMARK --and-mark 0xf ; -j CONNMARK --set-xmark 0x0/0xfffffff0 ; OK
-j CONNMARK --or-mark 0x10 ; -j CONNMARK --set-xmark 0x10/0x10 ; OK
-j CONNMARK --xor-mark 0x10 ; -j CONNMARK --set-xmark 0x10/0x0 ; OK
-j CONNMARK --save-mark ; -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff ; OK
-j CONNMARK --restore-mark ; -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff ; OK
-j CONNMARK --save-mark --mask 0xff ; -j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff ; OK
-j CONNMARK --restore-mark --mask 0xff ; -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff ; OK
-j CONNMARK --save-mark --nfmask 0xff --ctmask 0xffffffff ; = ; OK
-j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff00 ; = ; OK
-j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff ; = ; OK
-j CONNMARK --restore-mark --mask 0xff --ctmask 1 ; ; FAIL --ctmask cannot stand together with --mask
-j CONNMARK --set-mark 1 --mask 0xff ; -j CONNMARK --set-xmark 0x1/0xff ; OK
-j CONNMARK --set-mark 1 --nfmask 0xff ; -j CONNMARK --set-xmark 0x1/0xffffffff ; OK
-j CONNMARK --mask 0xff --set-mark 1 ; -j CONNMARK --set-xmark 0x1/0xffffffff ; OK
-j CONNMARK --or-mark 1 --mask 0xf0 ; -j CONNMARK --set-xmark 0x1/0xf0 ; OK
-j CONNMARK --set-mark 1 --save-mark ; ; FAIL --save-mark cannot stand together with another operation of CONNMARK
-j CONNMARK --save-mark --restore-mark ; ; FAIL --restore-mark cannot stand together with another operation of CONNMARK
-j CONNMARK ; ; FAIL CONNMARK needs --set-mark, --save-mark, --restore-mark or the like
-j CONNMARK --set-mark abc ; ; FAIL "abc" is not a number from 0 to 4294967295
-j CONNMARK --save-mark --left-shift-mark 8 ; -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff --left-shift-mark 8 ; OK
-j CONNMARK --restore-mark --right-shift-mark 8 ; -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff --right-shift-mark 8 ; OK
-j CONNMARK --set-xmark 0x1/0xff --left-shift-mark 4 ; = ; OK
-j CONNMARK --restore-mark --left-shift-mark 32 ; ; FAIL 32 is out of range (0 to 31)
-j CONNMARK --restore-mark --left-shift-mark 33 ; ; FAIL 33 is out of range (0 to 31)
-j CONNMARK --restore-mark --left-shift-mark 0 ; -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff ; OK
-j CONNMARK --restore-mark --left-shift-mark 1 --right-shift-mark 1 ; -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff --right-shift-mark 1 ; OK
-j CONNMARK --left-shift-mark 1 ; ; FAIL CONNMARK needs --set-mark, --save-mark, --restore-mark or the like
-j CONNMARK --set-mark 0 ; -j CONNMARK --set-xmark 0x0/0xffffffff ; OK
-j CONNMARK --set-mark 0xffffffff ; -j CONNMARK --set-xmark 0xffffffff/0xffffffff ; OK
-j CONNMARK ! --save-mark ; ; FAIL --save-mark cannot be inverted

# table filter
# chain FORWARD
-j CONNMARK --set-mark 2 ; -j CONNMARK --set-xmark 0x2/0xffffffff ; OK

# family ipv6
-m connmark --mark 0x1/0x2 ; = ; OK
-j CONNMARK --restore-mark ; -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff ; OK
