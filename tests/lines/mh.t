# SPDX-License-Identifier: GPL-2.0-or-later
# -m mh: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv6
-p ipv6-mh -m mh ; -p mobility-header -m mh ; OK
-p ipv6-mh -m mh --mh-type 1 ; -p mobility-header -m mh --mh-type 1 ; OK
-p ipv6-mh -m mh ! --mh-type 4 ; -p mobility-header -m mh ! --mh-type 4 ; OK
-p ipv6-mh -m mh --mh-type 4:123 ; -p mobility-header -m mh --mh-type 4:123 ; OK
-p ipv6-mh -m mh --mh-type :3 ; -p mobility-header -m mh --mh-type 0:3 ; OK
-p ipv6-mh -m mh --mh-type 3: ; -p mobility-header -m mh --mh-type 3:255 ; OK
-p ipv6-mh -m mh --mh-type 0:255 ; -p mobility-header -m mh ; OK
-p ipv6-mh -m mh ! --mh-type 0:255 ; -p mobility-header -m mh ; OK
-p ipv6-mh -m mh --mh-type binding-update ; -p mobility-header -m mh --mh-type 5 ; OK
-p ipv6-mh -m mh --mh-type bu ; -p mobility-header -m mh --mh-type 5 ; OK
-p ipv6-mh -m mh --mh-type b ; -p mobility-header -m mh --mh-type 0 ; OK
-p ipv6-mh -m mh --mh-type home-test ; -p mobility-header -m mh --mh-type 3 ; OK
-p ipv6-mh -m mh --mh-type home ; -p mobility-header -m mh --mh-type 1 ; OK
-p ipv6-mh -m mh --mh-type brr:be ; -p mobility-header -m mh --mh-type 0:7 ; OK
-p ipv6-mh --mh-type 1 ; ; FAIL unknown option "--mh-type"
-p mobility-header -m mh --mh-type 1 ; = ; OK
-p 135 -m mh --mh-type 1 -j DROP ; -p mobility-header -m mh --mh-type 1 -j DROP ; OK
-m mh ; ; FAIL match mh needs a protocol that it understands
-m mh --mh-type 3 ; ; FAIL match mh needs a protocol that it understands
-p ipv6-mh -m mh --mh-type 256 ; ; FAIL 256 is out of range (0 to 255)
-p ipv6-mh -m mh --mh-type foo ; ; FAIL unknown mobility header type "foo"
-p ipv6-mh -m mh --mh-type 5:3 ; ; FAIL the range 5:3 is empty
# family ipv4
-p 135 -m mh --mh-type 1 ; ; FAIL match mh is for IPv6 rules only
