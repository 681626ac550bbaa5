# SPDX-License-Identifier: GPL-2.0-or-later
# -m rt: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv6
# table filter
# chain FORWARD
-m rt --rt-type 0 ; = ; OK
-m rt ! --rt-type 0 ; = ; OK
-m rt --rt-type 2 ; = ; OK
-m rt --rt-type 0 --rt-segsleft 0 ; = ; OK
-m rt --rt-segsleft 1:23 ; = ; OK
-m rt ! --rt-segsleft 1:23 ; = ; OK
-m rt --rt-segsleft :4 ; -m rt --rt-segsleft 0:4 ; OK
-m rt --rt-segsleft 4: ; -m rt --rt-segsleft 4:4294967295 ; OK
-m rt --rt-segsleft 4:1 ; = ; OK
-m rt --rt-len 24 ; = ; OK
-m rt ! --rt-len 24 ; = ; OK
-m rt --rt-type 0 --rt-0-res ; = ; OK
-m rt --rt-0-res ; ; FAIL --rt-0-res and the like are of type 0
-m rt --rt-type 1 --rt-0-res ; ; FAIL --rt-0-res and the like are of type 0
-m rt --rt-type abc ; ; FAIL "abc" is not a number from 0 to 4294967295
-m rt --rt-type 4294967296 ; ; FAIL 4294967296 is out of range (0 to 4294967295)
-m rt ; = ; OK
-m rt --rt-type 0 --rt-segsleft 1 --rt-len 8 -j DROP ; = ; OK
-m rt --rt-type 0 --rt-type 1 ; ; FAIL --rt-type is given twice

# family ipv4
-m rt --rt-type 0 ; ; FAIL match rt is for IPv6 rules only
