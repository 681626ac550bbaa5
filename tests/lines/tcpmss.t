# SPDX-License-Identifier: GPL-2.0-or-later
# -m tcpmss and -j TCPMSS: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-p tcp -m tcpmss --mss 42 ; = ; OK
-p tcp -m tcpmss --mss 42:100 ; = ; OK
-p tcp -m tcpmss ! --mss 1400:1500 ; = ; OK
-p tcp -m tcpmss --mss :100 ; -p tcp -m tcpmss --mss 0:100 ; OK
-p tcp -m tcpmss --mss 100: ; -p tcp -m tcpmss --mss 100:65535 ; OK
-p tcp -m tcpmss --mss 100:42 ; ; FAIL the range 100:42 is empty
-p tcp -m tcpmss --mss 65535 ; = ; OK
-p tcp -m tcpmss --mss 65536 ; ; FAIL 65536 is out of range (0 to 65535)
-p tcp -m tcpmss --mss abc ; ; FAIL "abc" is not a number from 0 to 65535
-p tcp -m tcpmss ; ; FAIL tcpmss needs --mss value[:value]
-m tcpmss --mss 42 ; ; FAIL match tcpmss needs a protocol that it understands
-p udp -m tcpmss --mss 42 ; ; FAIL match tcpmss needs a protocol that it understands
-p tcp -m tcp --tcp-flags SYN,RST SYN -m tcpmss --mss 1461:65535 -j TCPMSS --set-mss 1460 ; = ; OK

# table mangle
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu ; = ; OK
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1360 ; = ; OK
-p tcp -m tcp --syn -j TCPMSS --set-mss 1360 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 1360 ; OK
-p tcp -m tcp ! --syn -j TCPMSS --set-mss 1360 ; ; FAIL TCPMSS works on SYN packets only
-p tcp -m tcp --tcp-flags SYN,RST SYN,RST -j TCPMSS --set-mss 536 ; = ; OK
-p tcp -m tcp --tcp-flags RST RST -j TCPMSS --set-mss 536 ; ; FAIL TCPMSS works on SYN packets only
-p tcp -j TCPMSS --set-mss 1360 ; ; FAIL TCPMSS works on SYN packets only
-j TCPMSS --set-mss 1360 ; ; FAIL target TCPMSS needs a protocol that it understands
-p udp -j TCPMSS --set-mss 1360 ; ; FAIL target TCPMSS needs a protocol that it understands
-p tcp -m tcp --syn -j TCPMSS ; ; FAIL TCPMSS needs --set-mss or --clamp-mss-to-pmtu
-p tcp -m tcp --syn -j TCPMSS --set-mss 0 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 0 ; OK
-p tcp -m tcp --syn -j TCPMSS --set-mss 65535 ; ; FAIL 65535 is out of range (0 to 65515)
-p tcp -m tcp --syn -j TCPMSS --set-mss 65536 ; ; FAIL 65536 is out of range (0 to 65515)
-p tcp -m tcp --syn -j TCPMSS --set-mss 5 --clamp-mss-to-pmtu ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --clamp-mss-to-pmtu ; OK
# chain PREROUTING
-p tcp -m tcp --syn -j TCPMSS --clamp-mss-to-pmtu ; ; FAIL --clamp-mss-to-pmtu cannot be used before routing
-p tcp -m tcp --syn -j TCPMSS --set-mss 1400 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 1400 ; OK
# chain INPUT
-p tcp -m tcp --syn -j TCPMSS --clamp-mss-to-pmtu ; ; FAIL --clamp-mss-to-pmtu cannot be used before routing
# chain POSTROUTING
-p tcp -m tcp --syn -j TCPMSS --clamp-mss-to-pmtu ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --clamp-mss-to-pmtu ; OK

# family ipv6
# chain FORWARD
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu ; = ; OK
-p tcp -m tcpmss --mss 1440 ; = ; OK
-p tcp -m tcpmss --mss "" ; -p tcp -m tcpmss --mss 0 ; OK
