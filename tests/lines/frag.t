# SPDX-License-Identifier: GPL-2.0-or-later
# -m frag: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv6
# chain FORWARD
-m frag --fragid 1 ; = ; OK
-m frag ! --fragid 1 ; = ; OK
-m frag --fragid 1:42 ; = ; OK
-m frag --fragid 5: ; -m frag --fragid 5:4294967295 ; OK
-m frag --fragid 0:4294967295 ; -m frag ; OK
-m frag --fraglen 42 ; = ; OK
-m frag ! --fraglen 42 ; = ; OK
-m frag --fragres ; = ; OK
-m frag --fragfirst ; = ; OK
-m frag --fragmore ; = ; OK
-m frag --fraglast ; = ; OK
-m frag --fraglast --fragmore ; ; FAIL --fragmore cannot stand together with --fraglast
-m frag --fragmore --fraglast ; ; FAIL --fraglast cannot stand together with --fragmore
-m frag --fragid 7 --fragres --fragfirst --fragmore -j DROP ; = ; OK
-m frag ; = ; OK
-m frag ! --fragfirst ; ; FAIL --fragfirst cannot be inverted
-m frag --fragid x ; ; FAIL "x" is not a number from 0 to 4294967295
-m frag --fragid 1 --fragid 2 ; ; FAIL --fragid is given twice
-m frag --fragid "" ; -m frag --fragid 0 ; OK
# family ipv4
-m frag --fragid 1 ; ; FAIL match frag is for IPv6 rules only
