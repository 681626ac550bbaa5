# SPDX-License-Identifier: GPL-2.0-or-later
# -m ipvs: as the extension of iptables 1.8.9 parses and prints it. Kernels without IPVS refuse it.

# command-before iptables-legacy -A OUTPUT -m ipvs --ipvs
-m ipvs --ipvs ; = ; OK
-m ipvs ! --ipvs ; = ; OK
-m ipvs --vproto tcp --vaddr 10.0.0.1 --vport 80 --vdir ORIGINAL --vmethod GATE --vportctl 21 ; -m ipvs --vproto 6 --vaddr 10.0.0.1 --vport 80 --vdir ORIGINAL --vmethod GATE --vportctl 21 ; OK
-m ipvs ! --vproto tcp ! --vaddr 10.0.0.1/255.255.0.0 ! --vport http ! --vmethod MASQ ! --vportctl 21 --vdir REPLY ; -m ipvs ! --vproto 6 ! --vaddr 10.0.0.1/16 ! --vport 80 --vdir REPLY ! --vmethod MASQ ! --vportctl 21 ; OK
-m ipvs --vdir reply ; -m ipvs --vdir REPLY ; OK
-m ipvs --vmethod ipip ; -m ipvs --vmethod IPIP ; OK
-m ipvs --vproto UDP ; -m ipvs --vproto 17 ; OK
-m ipvs --vproto udplite ; -m ipvs --vproto 136 ; OK
-m ipvs --vproto all ; -m ipvs --vproto 0 ; OK
-m ipvs --vaddr 10.1.2.3/8 ; = ; OK
-m ipvs --ipvs --vport 80 ; -m ipvs --vport 80 ; OK
-m ipvs --vport 70000 ; -m ipvs --vport 4464 ; OK
-m ipvs ; ; FAIL ipvs needs an option
-m ipvs ! --vdir REPLY ; ; FAIL --vdir
-m ipvs --vdir foo ; ; FAIL "foo"
-m ipvs --vmethod foo ; ; FAIL "foo"
-m ipvs --vproto foo ; ; FAIL "foo"
-m ipvs --vproto 300 ; ; FAIL "300"
-m ipvs --vport 5:6 ; ; FAIL --vport takes one port
-m ipvs --vport 5 --vport 6 ; ; FAIL --vport
-m ipvs ! --ipvs --vport 80 ; ; FAIL ! --ipvs cannot stand beside other options of ipvs
# command-before ip6tables-legacy -A OUTPUT -m ipvs --ipvs
# family ipv6
-m ipvs --vaddr fd00::1/64 ; = ; OK
-m ipvs --vaddr fd00::1 ; = ; OK
