# SPDX-License-Identifier: GPL-2.0-or-later
# -m u32: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
-m u32 --u32 0=0 ; -m u32 --u32 "0x0=0x0" ; OK
-m u32 --u32 "0=0" ; -m u32 --u32 "0x0=0x0" ; OK
-m u32 ! --u32 0=0 ; -m u32 ! --u32 "0x0=0x0" ; OK
-m u32 --u32 "6&0xFF=17" ; -m u32 --u32 "0x6&0xff=0x11" ; OK
-m u32 --u32 "6 & 0xFF = 0:5 , 17 && 12=0x0a000102" ; -m u32 --u32 "0x6&0xff=0x0:0x5,0x11&&0xc=0xa000102" ; OK
-m u32 --u32 "0>>22&0x3C@0>>16=1000:2000" ; -m u32 --u32 "0x0>>0x16&0x3c@0x0>>0x10=0x3e8:0x7d0" ; OK
-m u32 --u32 "0<<1=0" ; -m u32 --u32 "0x0<<0x1=0x0" ; OK
-m u32 --u32 "0x0=0x0&&0x0=0x1:0x0" ; = ; OK
-m u32 --u32 "0=0&&1=1&&2=2&&3=3&&4=4&&5=5&&6=6&&7=7&&8=8&&9=9" ; -m u32 --u32 "0x0=0x0&&0x1=0x1&&0x2=0x2&&0x3=0x3&&0x4=0x4&&0x5=0x5&&0x6=0x6&&0x7=0x7&&0x8=0x8&&0x9=0x9" ; OK
-m u32 --u32 "0&1&2&3&4&5&6&7&8&9=1,2,3,4,5,6,7,8,9,10" -j DROP ; -m u32 --u32 "0x0&0x1&0x2&0x3&0x4&0x5&0x6&0x7&0x8&0x9=0x1,0x2,0x3,0x4,0x5,0x6,0x7,0x8,0x9,0xa" -j DROP ; OK
-m u32 --u32 "0&1&2&3&4&5&6&7&8&9&10=1" ; ; FAIL --u32: more than ten numbers before the =
-m u32 --u32 "0=1,2,3,4,5,6,7,8,9,10,11" ; ; FAIL --u32: more than ten values
-m u32 --u32 "0=0&&1=1&&2=2&&3=3&&4=4&&5=5&&6=6&&7=7&&8=8&&9=9&&10=10" ; ; FAIL --u32: more than ten tests
-m u32 --u32 "0>>32=0" ; ; FAIL --u32: a shift by 32 bits
-m u32 --u32 "0<<31=0" ; -m u32 --u32 "0x0<<0x1f=0x0" ; OK
-m u32 --u32 "0" ; ; FAIL --u32: one of & << >> @ = is missing here
-m u32 --u32 "=0" ; ; FAIL --u32: a number of 32 bits is missing here
-m u32 --u32 "0=" ; ; FAIL --u32: a number of 32 bits is missing here
-m u32 --u32 "" ; ; FAIL --u32: a number of 32 bits is missing here
-m u32 --u32 "0=0&1=1" ; ; FAIL --u32: a comma or && is missing here
-m u32 --u32 "0=0&&" ; ; FAIL --u32: a number of 32 bits is missing here
-m u32 --u32 "0>1=0" ; ; FAIL --u32: one of & << >> @ = is missing here
-m u32 --u32 "0<1=0" ; ; FAIL --u32: one of & << >> @ = is missing here
-m u32 --u32 "0|1=0" ; ; FAIL --u32: one of & << >> @ = is missing here
-m u32 --u32 "0=x" ; ; FAIL --u32: a number of 32 bits is missing here
-m u32 --u32 "0=-1" ; ; FAIL --u32: a number of 32 bits is missing here
-m u32 --u32 "0=4294967296" ; ; FAIL --u32: a number of 32 bits is missing here
-m u32 ; ; FAIL u32 needs --u32 tests
# family ipv6
-m u32 --u32 "4>>16=20" -j ACCEPT ; -m u32 --u32 "0x4>>0x10=0x14" -j ACCEPT ; OK
