# SPDX-License-Identifier: GPL-2.0-or-later
# -m helper: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m helper --helper ftp ; = ; OK
-m helper ! --helper ftp ; = ; OK
-m helper --helper ftp-2121 ; = ; OK
-m helper --helper "" ; = ; OK
-m helper --helper "a b" ; = ; OK
-m helper --helper sip ; = ; OK
-m helper --helper 12345678901234567890123456789 ; = ; OK
-m helper --helper 123456789012345678901234567890 ; -m helper --helper 12345678901234567890123456789 ; OK
-m helper ; ; FAIL helper needs --helper name
-m helper --helper a --helper b ; ; FAIL --helper is given twice
-m helper --helper nosuch ; = ; OK
-p tcp -m helper --helper irc -j ACCEPT ; = ; OK

# family ipv6
-m helper --helper ftp ; = ; OK
