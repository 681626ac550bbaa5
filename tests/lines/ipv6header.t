# SPDX-License-Identifier: GPL-2.0-or-later
# -m ipv6header: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv6
-m ipv6header --header hop-by-hop ; = ; OK
-m ipv6header --header hop-by-hop --soft ; = ; OK
-m ipv6header ! --header hop-by-hop ; = ; OK
-m ipv6header ! --header hop,dst --soft ; -m ipv6header ! --header hop-by-hop,ipv6-opts --soft ; OK
-m ipv6header --header ipv6-nonxt ; = ; OK
-m ipv6header --header hop,dst,route,frag,auth,esp,none,prot ; -m ipv6header --header hop-by-hop,ipv6-opts,ipv6-route,ipv6-frag,ah,esp,ipv6-nonxt,protocol ; OK
-m ipv6header --header prot,hop ; -m ipv6header --header hop-by-hop,protocol ; OK
-m ipv6header --header 0,60,43,44,51,50,59,255 ; -m ipv6header --header hop-by-hop,ipv6-opts,ipv6-route,ipv6-frag,ah,esp,ipv6-nonxt,protocol ; OK
-m ipv6header --header ipv6-opts,ipv6-route,ipv6-frag,ah,esp,ipv6-nonxt,protocol ; = ; OK
-m ipv6header --header IPv6-Route,AH,ESP ; ; FAIL unknown header "AH"
-m ipv6header --header ip ; -m ipv6header --header hop-by-hop ; OK
-m ipv6header --header hop,,dst ; -m ipv6header --header hop-by-hop,ipv6-opts ; OK
-m ipv6header --header hop -j DROP ; -m ipv6header --header hop-by-hop -j DROP ; OK
-m ipv6header ; ; FAIL ipv6header needs --header header[,header]
-m ipv6header --soft ; ; FAIL ipv6header needs --header header[,header]
-m ipv6header --header tcp ; ; FAIL unknown header "tcp"
-m ipv6header --header foo ; ; FAIL unknown header "foo"
-m ipv6header --header 52 ; ; FAIL unknown header "52"
-m ipv6header --header , ; ; FAIL no header is named
# family ipv4
-m ipv6header --header hop ; ; FAIL match ipv6header is for IPv6 rules only
