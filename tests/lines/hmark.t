# SPDX-License-Identifier: GPL-2.0-or-later
# -j HMARK: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
-j HMARK --hmark-src-prefix 24 --hmark-rnd 0x00000004 --hmark-mod 42 ; = ; OK
-j HMARK --hmark-dst-prefix 24 --hmark-sport-mask 0xffff --hmark-rnd 4 --hmark-mod 42 --hmark-offset 1 --hmark-tuple ct ; -j HMARK --hmark-dst-prefix 24 --hmark-sport-mask 0xffff --hmark-rnd 0x00000004 --hmark-mod 42 --hmark-offset 1 --hmark-tuple ct ; OK
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 0xdeadbeef --hmark-mod 10 --hmark-offset 10000 ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff --hmark-proto-mask 0xffff --hmark-rnd 0xdeadbeef --hmark-mod 10 --hmark-offset 10000 ; OK
-j HMARK --hmark-tuple ct --hmark-rnd 1 --hmark-mod 2 ; -j HMARK --hmark-rnd 0x00000001 --hmark-mod 2 --hmark-tuple ct ; OK
-j HMARK --hmark-tuple ct,src,dst --hmark-rnd 1 --hmark-mod 2 ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 2 --hmark-tuple ct ; OK
-j HMARK --hmark-tuple spi --hmark-rnd 1 --hmark-mod 2 ; -j HMARK --hmark-spi-mask 0xffffffff --hmark-rnd 0x00000001 --hmark-mod 2 ; OK
-j HMARK --hmark-spi-mask 0xffff0000 --hmark-spi 7 --hmark-rnd 1 --hmark-mod 2 ; -j HMARK --hmark-spi-mask 0xffff0000 --hmark-spi 0x00000007 --hmark-rnd 0x00000001 --hmark-mod 2 ; OK
-j HMARK --hmark-sport 4 --hmark-dport 0x1f --hmark-dport-mask 0xff00 --hmark-proto-mask 0xff --hmark-rnd 1 --hmark-mod 4294967295 ; -j HMARK --hmark-dport-mask 0xff00 --hmark-sport 0x0004 --hmark-dport 0x001f --hmark-proto-mask 0xff --hmark-rnd 0x00000001 --hmark-mod 4294967295 ; OK
-j HMARK --hmark-tuple s,d --hmark-rnd 1 --hmark-mod 2 ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 2 ; OK
-j HMARK --hmark-tuple SPORT,dp,p --hmark-rnd 1 --hmark-mod 2 ; -j HMARK --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff --hmark-proto-mask 0xffff --hmark-rnd 0x00000001 --hmark-mod 2 ; OK
-j HMARK --hmark-src-prefix 255.255.0.0 --hmark-rnd 1 --hmark-mod 2 ; -j HMARK --hmark-src-prefix 16 --hmark-rnd 0x00000001 --hmark-mod 2 ; OK
-j HMARK --hmark-src-prefix 0 --hmark-rnd 1 --hmark-mod 2 ; -j HMARK --hmark-src-prefix 0 --hmark-rnd 0x00000001 --hmark-mod 2 ; OK
-j HMARK --hmark-src-prefix 33 --hmark-rnd 1 --hmark-mod 2 ; -j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 2 ; OK
-j HMARK --hmark-tuple src --hmark-rnd 1 ; ; FAIL HMARK needs --hmark-mod number
-j HMARK --hmark-tuple src --hmark-mod 1 ; ; FAIL HMARK needs --hmark-rnd number
-j HMARK --hmark-rnd 1 --hmark-mod 1 ; ; FAIL HMARK needs --hmark-tuple
-j HMARK --hmark-tuple src --hmark-rnd 1 --hmark-mod 0 ; ; FAIL 0 is out of range (1 to 4294967295)
-j HMARK --hmark-tuple foo --hmark-rnd 1 --hmark-mod 1 ; ; FAIL "foo" is no part of a tuple
-j HMARK --hmark-tuple src, --hmark-rnd 1 --hmark-mod 1 ; ; FAIL "" is no part of a tuple
-j HMARK --hmark-spi-mask 1 --hmark-sport-mask 1 --hmark-rnd 1 --hmark-mod 1 ; ; FAIL --hmark-spi-mask cannot stand together with masks of ports
-j HMARK --hmark-spi 1 --hmark-sport 1 --hmark-rnd 1 --hmark-mod 1 ; ; FAIL --hmark-spi cannot stand together with ports
-j HMARK ; ; FAIL HMARK needs --hmark-mod number
# family ipv6
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 1 --hmark-mod 10 ; -j HMARK --hmark-src-prefix 128 --hmark-dst-prefix 128 --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff --hmark-proto-mask 0xffff --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-src-prefix 64 --hmark-dst-prefix 48 --hmark-rnd 1 --hmark-mod 10 ; -j HMARK --hmark-src-prefix 64 --hmark-dst-prefix 48 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
