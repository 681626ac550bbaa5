# SPDX-License-Identifier: GPL-2.0-or-later
# -m srh: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv6
-m srh --srh-next-hdr 17 ; = ; OK
-m srh ! --srh-next-hdr 17 ; = ; OK
-m srh --srh-hdr-len-eq 8 ; = ; OK
-m srh --srh-hdr-len-gt 8 ; = ; OK
-m srh ! --srh-hdr-len-lt 8 ; = ; OK
-m srh --srh-hdr-len-gt 1 --srh-hdr-len-lt 8 ; -m srh --srh-hdr-len-gt 8 --srh-hdr-len-lt 8 ; OK
-m srh --srh-segs-left-eq 1 ; = ; OK
-m srh --srh-segs-left-gt 1 ; = ; OK
-m srh ! --srh-segs-left-lt 1 ; = ; OK
-m srh --srh-last-entry-eq 4 ; = ; OK
-m srh ! --srh-last-entry-gt 4 ; = ; OK
-m srh --srh-last-entry-lt 4 ; = ; OK
-m srh --srh-tag 0 ; = ; OK
-m srh ! --srh-tag 65535 ; = ; OK
-m srh --srh-psid a::/64 ; = ; OK
-m srh ! --srh-nsid b::1 ; -m srh ! --srh-nsid b::1/128 ; OK
-m srh --srh-lsid c::/ffff:ffff:: ; -m srh --srh-lsid c::/32 ; OK
-m srh --srh-next-hdr 17 --srh-segs-left-eq 1 --srh-last-entry-eq 4 --srh-tag 0 --srh-psid a:: --srh-nsid b::/32 --srh-lsid c:: -j DROP ; -m srh --srh-next-hdr 17 --srh-segs-left-eq 1 --srh-last-entry-eq 4 --srh-tag 0 --srh-psid a::/128 --srh-nsid b::/32 --srh-lsid c::/128 -j DROP ; OK
-m srh ; = ; OK
-m srh --srh-tag 65536 ; ; FAIL 65536 is out of range (0 to 65535)
-m srh --srh-next-hdr 256 ; ; FAIL 256 is out of range (0 to 255)
-m srh --srh-psid x ; ; FAIL "x" is not an address
-m srh --srh-next-hdr tcp ; ; FAIL "tcp" is not a number from 0 to 255
# family ipv4
-m srh --srh-tag 1 ; ; FAIL match srh is for IPv6 rules only
