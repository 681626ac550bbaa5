# SPDX-License-Identifier: GPL-2.0-or-later
# -m mac: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m mac --mac-source 00:11:22:33:44:55 ; = ; OK
-m mac ! --mac-source 00:11:22:33:44:55 ; = ; OK
-m mac --mac-source AA:BB:CC:DD:EE:FF ; -m mac --mac-source aa:bb:cc:dd:ee:ff ; OK
-m mac --mac-source aa:bb:cc:dd:ee:ff ; = ; OK
-m mac --mac-source a:b:c:d:e:f ; -m mac --mac-source 0a:0b:0c:0d:0e:0f ; OK
-m mac --mac-source 00-11-22-33-44-55 ; ; FAIL "00-11-22-33-44-55" is not a MAC address
-m mac --mac-source 001122334455 ; ; FAIL "001122334455" is not a MAC address
-m mac --mac-source 00:11:22:33:44 ; ; FAIL "00:11:22:33:44" is not a MAC address
-m mac --mac-source 00:11:22:33:44:55:66 ; ; FAIL "00:11:22:33:44:55:66" is not a MAC address
-m mac --mac-source 00:11:22:33:44:5g ; ; FAIL "00:11:22:33:44:5g" is not a MAC address
-m mac --mac-source 000:11:22:33:44:55 ; ; FAIL "000:11:22:33:44:55" is not a MAC address
-m mac --mac-source 100:11:22:33:44:55 ; ; FAIL "100:11:22:33:44:55" is not a MAC address
-m mac --mac-source "" ; ; FAIL "" is not a MAC address
-m mac ; ; FAIL mac needs --mac-source address
-m mac --mac-source 00:11:22:33:44:55 --mac-source 00:11:22:33:44:55 ; ; FAIL --mac-source is given twice
-m mac --mac-source " 0:11:22:33:44:55" ; -m mac --mac-source 00:11:22:33:44:55 ; OK
-m mac --mac-source 0:11:22:33:44:+5 ; -m mac --mac-source 00:11:22:33:44:05 ; OK
-m mac --mac-source 0:11:22:33:44:0x5 ; ; FAIL "0:11:22:33:44:0x5" is not a MAC address
-m mac --mac-source 0:11:22:33:44: ; -m mac --mac-source 00:11:22:33:44:00 ; OK
-m mac --mac-source :11:22:33:44:55 ; -m mac --mac-source 00:11:22:33:44:55 ; OK
-m mac --mac 00:11:22:33:44:55 ; -m mac --mac-source 00:11:22:33:44:55 ; OK

# chain INPUT
-m mac --mac-source 00:11:22:33:44:55 ; = ; OK

# chain OUTPUT
-m mac --mac-source 00:11:22:33:44:55 ; ; FAIL mac cannot be used in OUTPUT

# table mangle
# chain PREROUTING
-m mac --mac-source 00:11:22:33:44:55 ; = ; OK

# chain POSTROUTING
-m mac --mac-source 00:11:22:33:44:55 ; ; FAIL mac cannot be used in POSTROUTING

# family ipv6
# table filter
# chain FORWARD
-m mac --mac-source 1:2:3:4:5:6 ; -m mac --mac-source 01:02:03:04:05:06 ; OK
