# SPDX-License-Identifier: GPL-2.0-or-later
# -j TCPOPTSTRIP: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table mangle
# chain PREROUTING
-p tcp -j TCPOPTSTRIP ; = ; OK
-p tcp -j TCPOPTSTRIP --strip-options wscale ; -p tcp -j TCPOPTSTRIP --strip-options 3 ; OK
-p tcp -j TCPOPTSTRIP --strip-options mss,sack-permitted,sack,timestamp,md5 ; -p tcp -j TCPOPTSTRIP --strip-options 2,4,5,8,19 ; OK
-p tcp -j TCPOPTSTRIP --strip-options 255,2,0x10 ; -p tcp -j TCPOPTSTRIP --strip-options 2,16,255 ; OK
-p tcp -j TCPOPTSTRIP --strip-options 3,wscale ; ; FAIL "wscale" is named twice
-p tcp -j TCPOPTSTRIP --strip-options 0 ; ; FAIL 0 is out of range (2 to 255)
-p tcp -j TCPOPTSTRIP --strip-options 1 ; ; FAIL 1 is out of range (2 to 255)
-p tcp -j TCPOPTSTRIP --strip-options 256 ; ; FAIL 256 is out of range (2 to 255)
-p tcp -j TCPOPTSTRIP --strip-options foo ; ; FAIL unknown TCP option "foo"
-p tcp -j TCPOPTSTRIP --strip-options 3, ; ; FAIL a TCP option is missing
-p tcp -j TCPOPTSTRIP --strip-options ; ; FAIL --strip-options needs a value
-j TCPOPTSTRIP --strip-options 3 ; ; FAIL target TCPOPTSTRIP needs a protocol that it understands
-p udp -j TCPOPTSTRIP --strip-options 3 ; ; FAIL target TCPOPTSTRIP needs a protocol that it understands
# table filter
# chain INPUT
-p tcp -j TCPOPTSTRIP --strip-options 3 ; ; FAIL TCPOPTSTRIP cannot be used in table filter
# family ipv6
# table mangle
# chain POSTROUTING
-p tcp -j TCPOPTSTRIP --strip-options timestamp ; -p tcp -j TCPOPTSTRIP --strip-options 8 ; OK
