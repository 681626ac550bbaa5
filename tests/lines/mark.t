# SPDX-License-Identifier: GPL-2.0-or-later
# -m mark and -j MARK: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m mark --mark 1 ; -m mark --mark 0x1 ; OK
-m mark --mark 0x10 ; = ; OK
-m mark --mark 010 ; -m mark --mark 0x8 ; OK
-m mark --mark 1/0xff ; -m mark --mark 0x1/0xff ; OK
-m mark ! --mark 1/1 ; -m mark ! --mark 0x1/0x1 ; OK
-m mark --mark 0x1ff/0xff ; = ; OK
-m mark --mark 4294967295 ; -m mark --mark 0xffffffff ; OK
-m mark --mark 4294967296 ; ; FAIL 4294967296 is out of range (0 to 4294967295)
-m mark --mark 0 ; -m mark --mark 0x0 ; OK
-m mark --mark 0/0 ; -m mark --mark 0x0/0x0 ; OK
-m mark --mark 1/ ; ; FAIL "" is not a number from 0 to 4294967295
-m mark --mark /1 ; ; FAIL "" is not a number from 0 to 4294967295
-m mark --mark "" ; ; FAIL "" is not a number from 0 to 4294967295
-m mark --mark abc ; ; FAIL "abc" is not a number from 0 to 4294967295
-m mark --mark -1 ; ; FAIL "-1" is not a number from 0 to 4294967295
-m mark --mark 1/0xffffffff ; -m mark --mark 0x1 ; OK
-m mark ; ; FAIL mark needs --mark value[/mask]
-m mark --mark 1 --mark 2 ; ; FAIL --mark is given twice
-m mark --mark 0x ; ; FAIL "0x" is not a number from 0 to 4294967295
-m mark --mark " 5" ; -m mark --mark 0x5 ; OK
-m mark --mark 5/0x100000000 ; ; FAIL 0x100000000 is out of range (0 to 4294967295)
-j MARK --set-mark 5 ; -j MARK --set-xmark 0x5/0xffffffff ; OK
-m mark --mar 5 ; -m mark --mark 0x5 ; OK

# table mangle
-j MARK --set-mark 1 ; -j MARK --set-xmark 0x1/0xffffffff ; OK
-j MARK --set-mark 0x10/0xff ; -j MARK --set-xmark 0x10/0xff ; OK
-j MARK --set-mark 0x1ff/0xff ; -j MARK --set-xmark 0x1ff/0x1ff ; OK
-j MARK --set-xmark 1 ; -j MARK --set-xmark 0x1/0xffffffff ; OK
-j MARK --set-xmark 1/0xff ; -j MARK --set-xmark 0x1/0xff ; OK
-j MARK --set-xmark 0x100/0xff ; = ; OK
-j MARK --and-mark 0xf ; -j MARK --set-xmark 0x0/0xfffffff0 ; OK
-j MARK --or-mark 0x100 ; -j MARK --set-xmark 0x100/0x100 ; OK
-j MARK --xor-mark 1 ; -j MARK --set-xmark 0x1/0x0 ; OK
-j MARK --set-mark 0 ; -j MARK --set-xmark 0x0/0xffffffff ; OK
-j MARK --set-mark 4294967295 ; -j MARK --set-xmark 0xffffffff/0xffffffff ; OK
-j MARK --set-mark 4294967296 ; ; FAIL 4294967296 is out of range (0 to 4294967295)
-j MARK --and-mark 0xffffffff ; -j MARK --set-xmark 0x0/0x0 ; OK
-j MARK --and-mark 0 ; -j MARK --set-xmark 0x0/0xffffffff ; OK
-j MARK --or-mark 0 ; -j MARK --set-xmark 0x0/0x0 ; OK
-j MARK --and-mark abc ; ; FAIL "abc" is not a number from 0 to 4294967295
-j MARK --or-mark 1/2 ; ; FAIL "1/2" is not a number from 0 to 4294967295
-j MARK --set-mark abc ; ; FAIL "abc" is not a number from 0 to 4294967295
-j MARK --set-mark "" ; ; FAIL "" is not a number from 0 to 4294967295
-j MARK --set-mark 1/ ; ; FAIL "" is not a number from 0 to 4294967295
-j MARK --set-mark -1 ; ; FAIL "-1" is not a number from 0 to 4294967295
-j MARK --and-mark 4294967296 ; ; FAIL 4294967296 is out of range (0 to 4294967295)
-j MARK ; ; FAIL MARK needs --set-mark, --set-xmark, --and-mark, --or-mark or --xor-mark
-j MARK --set-mark 1 --or-mark 2 ; ; FAIL --or-mark cannot stand together with another option of MARK
-j MARK --set-mark 1 --set-mark 2 ; ; FAIL --set-mark is given twice
-j MARK --set-xmark 1 --and-mark 2 ; ; FAIL --and-mark cannot stand together with another option of MARK
-j MARK ! --set-mark 1 ; ; FAIL --set-mark cannot be inverted
-j MARK --set-mark 010 ; -j MARK --set-xmark 0x8/0xffffffff ; OK
-j MARK --or-mark 0x10 ; -j MARK --set-xmark 0x10/0x10 ; OK
-j MARK --or 0x10 ; -j MARK --set-xmark 0x10/0x10 ; OK
-j MARK --set 1 ; ; FAIL --set needs a value
-j MARK --set-x 1 ; -j MARK --set-xmark 0x1/0xffffffff ; OK
-j MARK --x 1 ; -j MARK --set-xmark 0x1/0x0 ; OK
-j MARK --xor 0xff ; -j MARK --set-xmark 0xff/0x0 ; OK
-j MARK --set-mark 1/0 ; -j MARK --set-xmark 0x1/0x1 ; OK
-j MARK --set-xmark 1/0 ; -j MARK --set-xmark 0x1/0x0 ; OK
-j MARK --set-xmark 0/0 ; -j MARK --set-xmark 0x0/0x0 ; OK
-j MARK --set-mark 0/0xff ; -j MARK --set-xmark 0x0/0xff ; OK

# table raw
# chain PREROUTING
-j MARK --set-mark 5 ; -j MARK --set-xmark 0x5/0xffffffff ; OK

# family ipv6
# table filter
# chain FORWARD
-m mark --mark 1/2 ; -m mark --mark 0x1/0x2 ; OK
