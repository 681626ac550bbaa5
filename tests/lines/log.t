# SPDX-License-Identifier: GPL-2.0-or-later
# -j LOG: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-j LOG ; = ; OK
-j LOG --log-level 4 ; -j LOG ; OK
-j LOG --log-level 6 ; = ; OK
-j LOG --log-level info ; -j LOG --log-level 6 ; OK
-j LOG --log-level warning ; -j LOG ; OK
-j LOG --log-level warn ; ; FAIL unknown log level "warn"
-j LOG --log-level err ; ; FAIL unknown log level "err"
-j LOG --log-level error ; -j LOG --log-level 3 ; OK
-j LOG --log-level panic ; -j LOG --log-level 0 ; OK
-j LOG --log-level emerg ; -j LOG --log-level 0 ; OK
-j LOG --log-level 0 ; = ; OK
-j LOG --log-level 7 ; = ; OK
-j LOG --log-level 8 ; ; FAIL 8 is out of range (0 to 7)
-j LOG --log-level debug ; -j LOG --log-level 7 ; OK
-j LOG --log-level notice ; -j LOG --log-level 5 ; OK
-j LOG --log-level crit ; -j LOG --log-level 2 ; OK
-j LOG --log-level alert ; -j LOG --log-level 1 ; OK
-j LOG --log-level DEBUG ; ; FAIL unknown log level "DEBUG"
-j LOG --log-level deb ; ; FAIL unknown log level "deb"
-j LOG --log-level nosuch ; ; FAIL unknown log level "nosuch"
-j LOG --log-level "" ; ; FAIL a log level is missing
-j LOG --log-level -1 ; ; FAIL unknown log level "-1"
-j LOG --log-level 0x6 ; -j LOG --log-level 6 ; OK
-j LOG --log-prefix "x " ; = ; OK
-j LOG --log-prefix x ; = ; OK
-j LOG --log-prefix "a\"b" ; = ; OK
-j LOG --log-prefix 12345678901234567890123456789 ; = ; OK
-j LOG --log-prefix 123456789012345678901234567890 ; -j LOG --log-prefix 12345678901234567890123456789 ; OK
-j LOG --log-prefix "" ; ; FAIL the prefix is empty
-j LOG --log-tcp-sequence ; = ; OK
-j LOG --log-tcp-options ; = ; OK
-j LOG --log-ip-options ; = ; OK
-j LOG --log-uid ; = ; OK
-j LOG --log-macdecode ; = ; OK
-j LOG --log-macdecode --log-uid --log-ip-options --log-tcp-options --log-tcp-sequence --log-level debug --log-prefix "all " ; -j LOG --log-prefix "all " --log-level 7 --log-tcp-sequence --log-tcp-options --log-ip-options --log-uid --log-macdecode ; OK
-j LOG --log-uid --log-prefix p --log-level 5 ; -j LOG --log-prefix p --log-level 5 --log-uid ; OK
-j LOG --log-uid --log-uid ; ; FAIL --log-uid is given twice
-j LOG ! --log-uid ; ; FAIL --log-uid cannot be inverted
-j LOG --log-prefix a --log-prefix b ; ; FAIL --log-prefix is given twice
-j LOG --log-level 4 --log-level 5 ; ; FAIL --log-level is given twice
-j LOG --log-ip-option ; -j LOG --log-ip-options ; OK
-j LOG --log-tcp ; ; FAIL unknown option "--log-tcp"
-j LOG --log-tcp-s ; -j LOG --log-tcp-sequence ; OK
-j LOG --log-foo ; ; FAIL unknown option "--log-foo"
-j LOG --log-prefix "quote ' here" ; -j LOG --log-prefix "quote \' here" ; OK
-j LOG --log-prefix "back\\slash" ; = ; OK
-j LOG --log-prefix "%s" ; = ; OK
-j LOG --log-prefix fw: ; -j LOG --log-prefix "fw:" ; OK

# family ipv6
-j LOG --log-ip-options --log-prefix six ; -j LOG --log-prefix six --log-ip-options ; OK
