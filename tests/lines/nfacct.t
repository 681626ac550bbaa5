# SPDX-License-Identifier: GPL-2.0-or-later
# -m nfacct: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# command-before nfacct add web && nfacct add "two words"
-m nfacct --nfacct-name web ; -m nfacct --nfacct-name  web ; OK
-p tcp -m nfacct --nfacct-name web -j ACCEPT ; -p tcp -m nfacct --nfacct-name  web -j ACCEPT ; OK
-m nfacct --nfacct-name "two words" ; -m nfacct --nfacct-name  "two words" ; OK
-m nfacct --nfacct-name "" ; ; FAIL --nfacct-name needs at least 1 character
-m nfacct --nfacct-name abcdefghijklmnopqrstuvwxyz123456 ; ; FAIL at most 31 characters, this has 32
-m nfacct ! --nfacct-name web ; ; FAIL --nfacct-name cannot be inverted
-m nfacct ; ; FAIL nfacct needs --nfacct-name name
# family ipv6
-m nfacct --nfacct-name web ; -m nfacct --nfacct-name  web ; OK
