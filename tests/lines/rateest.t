# SPDX-License-Identifier: GPL-2.0-or-later
# -m rateest: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# rule-before -j RATEEST --rateest-name RE1 --rateest-interval 250ms --rateest-ewmalog 500ms
-m rateest --rateest RE1 --rateest-lt --rateest-bps 8bit ; = ; OK
-m rateest --rateest RE1 --rateest-eq --rateest-pps 5 ; = ; OK
-m rateest --rateest RE1 --rateest-gt --rateest-bps 5kbit --rateest-pps 5 ; -m rateest --rateest RE1 --rateest-gt --rateest-bps 5000bit --rateest-gt --rateest-pps 5 ; OK
-m rateest --rateest RE1 ! --rateest-gt --rateest-bps 5mbit -j DROP ; -m rateest --rateest RE1 ! --rateest-gt --rateest-bps 5000Kbit -j DROP ; OK
-m rateest --rateest-bps 100 --rateest-lt --rateest RE1 ; -m rateest --rateest RE1 --rateest-lt --rateest-bps 96bit ; OK
-m rateest --rateest RE1 --rateest-bps 1MBps --rateest-lt ; -m rateest --rateest RE1 --rateest-lt --rateest-bps 8000Kbit ; OK
-m rateest --rateest RE1 --rateest-bps 2gbit --rateest-lt ; -m rateest --rateest RE1 --rateest-lt --rateest-bps 2000Mbit ; OK
-m rateest --rateest RE1 --rateest-bps 1.5KiBps --rateest-lt ; -m rateest --rateest RE1 --rateest-lt --rateest-bps 12288bit ; OK
-m rateest --rateest RE1 --rateest-bps 300Mibit --rateest-lt ; -m rateest --rateest RE1 --rateest-lt --rateest-bps 314573Kbit ; OK
-m rateest --rateest-delta --rateest RE1 --rateest-bps1 10kbit --rateest-lt --rateest-bps2 20kbit ; -m rateest --rateest-delta --rateest RE1 --rateest-bps1 10000bit --rateest-lt --rateest-bps2 20000bit ; OK
-m rateest --rateest-delta --rateest RE1 --rateest-pps1 10 --rateest-gt --rateest-pps2 42 ; = ; OK
-m rateest --rateest1 RE1 --rateest-lt --rateest-bps --rateest2 RE1 ; = ; OK
-m rateest --rateest1 RE1 --rateest-gt --rateest-pps --rateest2 RE1 ; = ; OK
-m rateest --rateest-delta --rateest1 RE1 --rateest-bps1 0bit --rateest-lt --rateest-bps2 42bit --rateest2 RE1 ; -m rateest --rateest-delta --rateest1 RE1 --rateest-bps1 0bit --rateest-lt --rateest-bps2 40bit --rateest2 RE1 ; OK
-m rateest --rateest-delta --rateest1 RE1 --rateest-pps1 8 --rateest-eq --rateest-pps2 9 --rateest2 RE1 ; = ; OK
-m rateest --rateest RE1 --rateest-lt --rateest-gt --rateest-bps 1 ; -m rateest --rateest RE1 --rateest-gt --rateest-bps 0bit ; OK
-m rateest --rateest RE1 --rateest-gt --rateest-lt --rateest-bps 1 ; -m rateest --rateest RE1 --rateest-lt --rateest-bps 0bit ; OK
-m rateest --rateest RE1 --rateest-bps 5 ; ; FAIL rateest needs --rateest-lt, --rateest-gt or --rateest-eq
-m rateest --rateest RE1 --rateest-lt ; ; FAIL rateest needs --rateest-bps or --rateest-pps
-m rateest --rateest RE1 --rateest-lt --rateest-bps 5foo ; ; FAIL "5foo" is not a rate
-m rateest --rateest RE1 --rateest-lt --rateest-pps x ; ; FAIL "x" is not a number from 0 to 4294967295
-m rateest --rateest RE1 --rateest RE1 --rateest-lt --rateest-bps 5 ; ; FAIL --rateest1 is given twice
-m rateest --rateest-lt --rateest-bps 5 ; ; FAIL rateest needs --rateest1 name
-m rateest ; ; FAIL rateest needs --rateest1 name
# table mangle
# rule-before -
-j RATEEST --rateest-name RE1 --rateest-interval 250.0ms --rateest-ewmalog 500.0ms ; = ; OK
-j RATEEST --rateest-name RE2 --rateest-interval 1s --rateest-ewmalog 10s ; -j RATEEST --rateest-name RE2 --rateest-interval 1.0s --rateest-ewmalog 8.0s ; OK
-j RATEEST --rateest-name RE3 --rateest-interval 300ms --rateest-ewmalog 5000000us ; -j RATEEST --rateest-name RE3 --rateest-interval 500.0ms --rateest-ewmalog 8.0s ; OK
-j RATEEST --rateest-name RE4 --rateest-interval 250000 --rateest-ewmalog 2sec ; -j RATEEST --rateest-name RE4 --rateest-interval 250.0ms --rateest-ewmalog 2.0s ; OK
-j RATEEST --rateest-name RE5 --rateest-interval 8s --rateest-ewmalog 1000s ; -j RATEEST --rateest-name RE5 --rateest-interval 8.0s --rateest-ewmalog 512.0s ; OK
-j RATEEST --rateest-name RE6 --rateest-interval 100us --rateest-ewmalog 4s ; -j RATEEST --rateest-name RE6 --rateest-interval 250.0ms --rateest-ewmalog 3897.0s ; OK
-j RATEEST --rateest-name abcdefghijklmno --rateest-interval 2s --rateest-ewmalog 60s ; -j RATEEST --rateest-name abcdefghijklmno --rateest-interval 2.0s --rateest-ewmalog 32.0s ; OK
-j RATEEST --rateest-name abcdefghijklmnop --rateest-interval 2s --rateest-ewmalog 60s ; -j RATEEST --rateest-name abcdefghijklmno --rateest-interval 2.0s --rateest-ewmalog 32.0s ; OK
-j RATEEST --rateest-name RE --rateest-interval 9s --rateest-ewmalog 60s ; ; FAIL --rateest-interval is longer than 8 s
-j RATEEST --rateest-name RE --rateest-interval 1s --rateest-ewmalog 1s ; ; FAIL --rateest-ewmalog is too short for this interval
-j RATEEST --rateest-name RE --rateest-interval x --rateest-ewmalog 1s ; ; FAIL "x" is not a time
-j RATEEST --rateest-name RE --rateest-interval 1h --rateest-ewmalog 1s ; ; FAIL "1h" is not a time
-j RATEEST --rateest-name RE --rateest-ewmalog 1s ; ; FAIL RATEEST needs --rateest-interval time
-j RATEEST --rateest-interval 1s --rateest-ewmalog 10s ; ; FAIL RATEEST needs --rateest-name name
-j RATEEST ; ; FAIL RATEEST needs --rateest-name name
-m rateest --rateest RE1 --rateest-lt --rateest-bps 99999999999KBps ; -m rateest --rateest RE1 --rateest-lt --rateest-bps 2212Mbit ; OK
-m rateest --rateest RE1 --rateest-lt --rateest-bps 1e19Bps ; -m rateest --rateest RE1 --rateest-lt --rateest-bps 0bit ; OK
