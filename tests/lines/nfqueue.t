# SPDX-License-Identifier: GPL-2.0-or-later
# -j NFQUEUE: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-j NFQUEUE ; -j NFQUEUE --queue-num 0 ; OK
-j NFQUEUE --queue-num 0 ; = ; OK
-j NFQUEUE --queue-num 5 ; = ; OK
-j NFQUEUE --queue-num 65535 ; = ; OK
-j NFQUEUE --queue-num 65536 ; ; FAIL 65536 is out of range (0 to 65535)
-j NFQUEUE --queue-num abc ; ; FAIL "abc" is not a number from 0 to 65535
-j NFQUEUE --queue-balance 0:3 ; = ; OK
-j NFQUEUE --queue-balance 3:0 ; ; FAIL the range 3:0 is not one
-j NFQUEUE --queue-balance 3:3 ; ; FAIL the range 3:3 is not one
-j NFQUEUE --queue-balance 3 ; ; FAIL "3" is not a range of queues
-j NFQUEUE --queue-balance 0:65535 ; ; FAIL at most 65535 queues
-j NFQUEUE --queue-num 1 --queue-bypass ; = ; OK
-j NFQUEUE --queue-bypass ; -j NFQUEUE --queue-num 0 --queue-bypass ; OK
-j NFQUEUE --queue-balance 0:3 --queue-bypass ; = ; OK
-j NFQUEUE --queue-balance 0:3 --queue-cpu-fanout ; = ; OK
-j NFQUEUE --queue-balance 0:3 --queue-cpu-fanout --queue-bypass ; -j NFQUEUE --queue-balance 0:3 --queue-bypass --queue-cpu-fanout ; OK
-j NFQUEUE --queue-cpu-fanout ; ; FAIL --queue-cpu-fanout needs --queue-balance
-j NFQUEUE --queue-num 1 --queue-balance 0:3 ; ; FAIL --queue-balance cannot stand together with --queue-num

# table mangle
# chain POSTROUTING
-j NFQUEUE --queue-num 9 ; = ; OK
# table nat
# chain PREROUTING
-j NFQUEUE --queue-num 9 ; = ; OK

# family ipv6
# table filter
# chain FORWARD
-j NFQUEUE --queue-num 7 ; = ; OK
