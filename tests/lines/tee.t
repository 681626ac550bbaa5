# SPDX-License-Identifier: GPL-2.0-or-later
# -j TEE: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
-j TEE --gateway 1.1.1.1 ; = ; OK
-j TEE --gateway 1.1.1.1 --oif lan0 ; = ; OK
-p tcp --dport 80 -j TEE --gateway 10.0.0.9 ; -p tcp -m tcp --dport 80 -j TEE --gateway 10.0.0.9 ; OK
-j TEE ; ; FAIL TEE needs --gateway address
-j TEE --gateway 0.0.0.0 ; ; FAIL the gateway cannot be the address of zeros
-j TEE --gateway x/24 ; ; FAIL "x/24" is not a mask
-j TEE --gateway 2001:db8::1 ; ; FAIL "2001:db8::1" is not an IPv4 address
-j TEE --gateway 1.1.1.1 --oif abcdefghijklmnop ; -j TEE --gateway 1.1.1.1 --oif abcdefghijklmno ; OK
-j TEE --gateway 192.0.2.4 --oif "" ; -j TEE --gateway 192.0.2.4 ; OK
# family ipv6
-j TEE --gateway 2001:db8::1 ; = ; OK
-j TEE --gateway 2001:db8::1 --oif lan+ ; = ; OK
-j TEE --gateway :: ; ; FAIL the gateway cannot be the address of zeros
# table mangle
# chain POSTROUTING
-j TEE --gateway 2001:db8::1 ; = ; OK
