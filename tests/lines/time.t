# SPDX-License-Identifier: GPL-2.0-or-later
# -m time: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m time --timestart 01:02 --timestop 03:04 ; -m time --timestart 01:02:00 --timestop 03:04:00 --datestop 2038-01-19T03:14:07 ; OK
-m time --timestart 01:02:03 --timestop 04:05:06 ; -m time --timestart 01:02:03 --timestop 04:05:06 --datestop 2038-01-19T03:14:07 ; OK
-m time --timestart 22:00 --timestop 06:00 ; -m time --timestart 22:00:00 --timestop 06:00:00 --datestop 2038-01-19T03:14:07 ; OK
-m time --timestart 22:00 --timestop 06:00 --contiguous ; -m time --timestart 22:00:00 --timestop 06:00:00 --datestop 2038-01-19T03:14:07 --contiguous ; OK
-m time --timestart 06:00 --timestop 22:00 --contiguous ; ; FAIL --contiguous needs a --timestart that is later than --timestop
-m time --contiguous ; ; FAIL --contiguous needs a --timestart that is later than --timestop
-m time --timestart 24:00 ; ; FAIL "24:00" is not a time of day
-m time --timestart 1:2 ; -m time --timestart 01:02:00 --timestop 23:59:59 --datestop 2038-01-19T03:14:07 ; OK
-m time --timestart 12 ; ; FAIL "12" is not a time of day
-m time --timestart 12:60 ; ; FAIL "12:60" is not a time of day
-m time --timestart 12:00:60 ; ; FAIL "12:00:60" is not a time of day
-m time --timestop 12:00 ; -m time --timestart 00:00:00 --timestop 12:00:00 --datestop 2038-01-19T03:14:07 ; OK
-m time --weekdays Mon,Tue,Wed,Thu,Fri ; -m time --weekdays Mon,Tue,Wed,Thu,Fri --datestop 2038-01-19T03:14:07 ; OK
-m time --weekdays 1,2,3 ; -m time --weekdays Mon,Tue,Wed --datestop 2038-01-19T03:14:07 ; OK
-m time ! --weekdays Sat,Sun ; -m time --weekdays Mon,Tue,Wed,Thu,Fri --datestop 2038-01-19T03:14:07 ; OK
-m time --weekdays Monday ; -m time --weekdays Mon --datestop 2038-01-19T03:14:07 ; OK
-m time --weekdays mon ; ; FAIL "mon" is not a weekday
-m time --weekdays Mo,Tu ; -m time --weekdays Mon,Tue --datestop 2038-01-19T03:14:07 ; OK
-m time --weekdays Xyz ; ; FAIL "Xyz" is not a weekday
-m time --weekdays 0 ; ; FAIL "0" is not a weekday
-m time --weekdays 7 ; -m time --weekdays Sun --datestop 2038-01-19T03:14:07 ; OK
-m time --weekdays Mon,Tue,Wed,Thu,Fri,Sat,Sun ; -m time --datestop 2038-01-19T03:14:07 ; OK
-m time --monthdays 1,15,31 ; -m time --monthdays 1,15,31 --datestop 2038-01-19T03:14:07 ; OK
-m time ! --monthdays 1,2,3 ; -m time --monthdays 4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31 --datestop 2038-01-19T03:14:07 ; OK
-m time --monthdays 0 ; -m time --monthdays  --datestop 2038-01-19T03:14:07 ; OK
-m time --monthdays 32 ; ; FAIL 32 is out of range (0 to 31)
-m time --monthdays 11,12,13,21,22,23 ; -m time --monthdays 11,12,13,21,22,23 --datestop 2038-01-19T03:14:07 ; OK
-m time --monthdays abc ; ; FAIL "abc" is not a number from 0 to 31
-m time --datestart 2024-01-01 ; -m time --datestart 2024-01-01T00:00:00 --datestop 2038-01-19T03:14:07 ; OK
-m time --datestart 2024 ; -m time --datestart 2024-01-01T00:00:00 --datestop 2038-01-19T03:14:07 ; OK
-m time --datestart 2024-02 ; -m time --datestart 2024-02-01T00:00:00 --datestop 2038-01-19T03:14:07 ; OK
-m time --datestart 2024-02-29T12:34:56 ; -m time --datestart 2024-02-29T12:34:56 --datestop 2038-01-19T03:14:07 ; OK
-m time --datestart 2023-02-29 ; -m time --datestart 2023-03-01T00:00:00 --datestop 2038-01-19T03:14:07 ; OK
-m time --datestart 2024-13 ; ; FAIL "2024-13" is not a date
-m time --datestart 2024-01-32 ; ; FAIL "2024-01-32" is not a date
-m time --datestart 1969 ; ; FAIL "1969" is not a date
-m time --datestart 2039 ; ; FAIL "2039" is not a date
-m time --datestart 2024-1-1T1:1 ; -m time --datestart 2024-01-01T01:01:00 --datestop 2038-01-19T03:14:07 ; OK
-m time --datestart 24:00 ; ; FAIL "24:00" is not a date
-m time --datestop 2030-12-31T23:59:59 ; = ; OK
-m time --datestart 2020-01-01 --datestop 2021-01-01 ; -m time --datestart 2020-01-01T00:00:00 --datestop 2021-01-01T00:00:00 ; OK
-m time --datestart 1970-01-01 ; -m time --datestop 2038-01-19T03:14:07 ; OK
-m time --datestop 2038-01-19T03:14:07 ; = ; OK
-m time --kerneltz ; -m time --datestop 2038-01-19T03:14:07 --kerneltz ; OK
-m time --timestart 10:00 --localtz ; -m time --timestart 10:00:00 --timestop 23:59:59 --datestop 2038-01-19T03:14:07 --kerneltz ; OK
-m time --utc ; -m time --datestop 2038-01-19T03:14:07 ; OK
-m time --utc --kerneltz ; ; FAIL --kerneltz cannot stand together with --utc
-m time --kerneltz --weekdays Sun --timestart 12:00 ; -m time --timestart 12:00:00 --timestop 23:59:59 --weekdays Sun --datestop 2038-01-19T03:14:07 --kerneltz ; OK
-m time --timestart 09:00 --timestop 17:00 --weekdays Mon,Tue,Wed,Thu,Fri --monthdays 1,2 --datestart 2020-01-01 --datestop 2030-01-01 ; -m time --timestart 09:00:00 --timestop 17:00:00 --monthdays 1,2 --weekdays Mon,Tue,Wed,Thu,Fri --datestart 2020-01-01T00:00:00 --datestop 2030-01-01T00:00:00 ; OK
-m time ; -m time --datestop 2038-01-19T03:14:07 ; OK

# family ipv6
-m time --timestart 01:02 --timestop 03:04 ; -m time --timestart 01:02:00 --timestop 03:04:00 --datestop 2038-01-19T03:14:07 ; OK

# family ipv4
# table filter
# chain FORWARD
-m time --weekdays 8 ; -m time --weekdays  --datestop 2038-01-19T03:14:07 ; OK
-m time ! --weekdays 8 ; -m time --datestop 2038-01-19T03:14:07 ; OK
-m time --weekdays 1,9 ; -m time --weekdays Mon --datestop 2038-01-19T03:14:07 ; OK
-m time --weekdays 0x3 ; -m time --weekdays Wed --datestop 2038-01-19T03:14:07 ; OK
-m time --weekdays "" ; -m time --weekdays  --datestop 2038-01-19T03:14:07 ; OK
-m time ! --weekdays "" ; -m time --datestop 2038-01-19T03:14:07 ; OK
-m time --weekdays Mo, ; -m time --weekdays Mon --datestop 2038-01-19T03:14:07 ; OK
-m time --weekdays Mo,, ; ; FAIL "" is not a weekday
-m time --weekdays ,Mo ; ; FAIL "" is not a weekday
-m time --monthdays "" ; -m time --monthdays  --datestop 2038-01-19T03:14:07 ; OK
-m time ! --monthdays "" ; -m time --datestop 2038-01-19T03:14:07 ; OK
-m time ! --monthdays , ; -m time --monthdays 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31 --datestop 2038-01-19T03:14:07 ; OK
-m time --monthdays ,1,,2, ; -m time --monthdays 1,2 --datestop 2038-01-19T03:14:07 ; OK
