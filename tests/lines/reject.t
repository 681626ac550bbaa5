# SPDX-License-Identifier: GPL-2.0-or-later
# -j REJECT: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-j REJECT ; -j REJECT --reject-with icmp-port-unreachable ; OK
-j REJECT --reject-with icmp-port-unreachable ; = ; OK
-j REJECT --reject-with icmp-net-unreachable ; = ; OK
-j REJECT --reject-with net-unreach ; -j REJECT --reject-with icmp-net-unreachable ; OK
-j REJECT --reject-with icmp-host-unreachable ; = ; OK
-j REJECT --reject-with host-unreach ; -j REJECT --reject-with icmp-host-unreachable ; OK
-j REJECT --reject-with icmp-proto-unreachable ; = ; OK
-j REJECT --reject-with proto-unreach ; -j REJECT --reject-with icmp-proto-unreachable ; OK
-j REJECT --reject-with port-unreach ; -j REJECT --reject-with icmp-port-unreachable ; OK
-j REJECT --reject-with icmp-net-prohibited ; = ; OK
-j REJECT --reject-with net-prohib ; -j REJECT --reject-with icmp-net-prohibited ; OK
-j REJECT --reject-with icmp-host-prohibited ; = ; OK
-j REJECT --reject-with host-prohib ; -j REJECT --reject-with icmp-host-prohibited ; OK
-j REJECT --reject-with icmp-admin-prohibited ; = ; OK
-j REJECT --reject-with admin-prohib ; -j REJECT --reject-with icmp-admin-prohibited ; OK
-j REJECT --reject-with tcp-reset ; ; FAIL tcp-reset can only answer TCP
-p tcp -j REJECT --reject-with tcp-reset ; = ; OK
-p tcp -j REJECT --reject-with tcp-rst ; -p tcp -j REJECT --reject-with tcp-reset ; OK
! -p tcp -j REJECT --reject-with tcp-reset ; ; FAIL tcp-reset can only answer TCP
-p udp -j REJECT --reject-with tcp-reset ; ; FAIL tcp-reset can only answer TCP
-j REJECT --reject-with icmp-port ; -j REJECT --reject-with icmp-port-unreachable ; OK
-j REJECT --reject-with icmp ; -j REJECT --reject-with icmp-net-unreachable ; OK
-j REJECT --reject-with net ; -j REJECT --reject-with icmp-net-unreachable ; OK
-j REJECT --reject-with tcp ; ; FAIL tcp-reset can only answer TCP
-p tcp -j REJECT --reject-with tcp ; -p tcp -j REJECT --reject-with tcp-reset ; OK
-j REJECT --reject-with ICMP-PORT-UNREACHABLE ; -j REJECT --reject-with icmp-port-unreachable ; OK
-j REJECT --reject-with echo-reply ; ; FAIL unknown answer "echo-reply"
-j REJECT --reject-with icmp6-no-route ; ; FAIL unknown answer "icmp6-no-route"
-j REJECT --reject-with nosuch ; ; FAIL unknown answer "nosuch"
-j REJECT --reject-with "" ; -j REJECT --reject-with icmp-net-unreachable ; OK
-j REJECT ! --reject-with icmp-port-unreachable ; ; FAIL --reject-with cannot be inverted
-j REJECT --reject-with icmp-host-unreachable --reject-with icmp-host-unreachable ; ; FAIL --reject-with is given twice
-j REJECT --rej icmp-host-unreachable ; -j REJECT --reject-with icmp-host-unreachable ; OK

# table mangle
-j REJECT ; ; FAIL REJECT cannot be used in table mangle

# table raw
# chain PREROUTING
-j REJECT ; ; FAIL REJECT cannot be used in table raw

# family ipv6
# table filter
# chain FORWARD
-j REJECT ; -j REJECT --reject-with icmp6-port-unreachable ; OK
-j REJECT --reject-with icmp6-port-unreachable ; = ; OK
-j REJECT --reject-with icmp6-no-route ; = ; OK
-j REJECT --reject-with no-route ; -j REJECT --reject-with icmp6-no-route ; OK
-j REJECT --reject-with icmp6-adm-prohibited ; = ; OK
-j REJECT --reject-with adm-prohibited ; -j REJECT --reject-with icmp6-adm-prohibited ; OK
-j REJECT --reject-with icmp6-addr-unreachable ; = ; OK
-j REJECT --reject-with addr-unreach ; -j REJECT --reject-with icmp6-addr-unreachable ; OK
-j REJECT --reject-with port-unreach ; -j REJECT --reject-with icmp6-port-unreachable ; OK
-j REJECT --reject-with icmp6-policy-fail ; = ; OK
-j REJECT --reject-with policy-fail ; -j REJECT --reject-with icmp6-policy-fail ; OK
-j REJECT --reject-with icmp6-reject-route ; = ; OK
-j REJECT --reject-with reject-route ; -j REJECT --reject-with icmp6-reject-route ; OK
-p tcp -j REJECT --reject-with tcp-reset ; = ; OK
-j REJECT --reject-with tcp-reset ; ; FAIL tcp-reset can only answer TCP
-p udp -j REJECT --reject-with tcp-reset ; ; FAIL tcp-reset can only answer TCP
-j REJECT --reject-with icmp-port-unreachable ; ; FAIL unknown answer "icmp-port-unreachable"
-j REJECT --reject-with icmp6 ; -j REJECT --reject-with icmp6-no-route ; OK
