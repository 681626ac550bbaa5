# SPDX-License-Identifier: GPL-2.0-or-later
# -j LED: as the extension of iptables 1.8.9 parses and prints it. Kernels without LED devices refuse it.

# command-before iptables-legacy -A OUTPUT -j LED --led-trigger-id probe
-j LED --led-trigger-id ssh ; -j LED --led-trigger-id "ssh" ; OK
-j LED --led-trigger-id "ssh" --led-delay 100 --led-always-blink ; = ; OK
-j LED --led-always-blink --led-delay 0x10 --led-trigger-id "a b" ; -j LED --led-trigger-id "a b" --led-delay 16 --led-always-blink ; OK
-j LED --led-trigger-id "a\"b\\c" --led-delay 100 ; = ; OK
-j LED --led-trigger-id "it's" ; = ; OK
-j LED --led-trigger-id "" ; = ; OK
-j LED --led-trigger-id "ssh" --led-delay 0 ; -j LED --led-trigger-id "ssh" ; OK
-j LED --led-trigger-id 0123456789012345 ; -j LED --led-trigger-id "0123456789012345" ; OK
-j LED --led-trigger-id a --led-delay inf ; -j LED --led-trigger-id "a" --led-delay -1 ; OK
-j LED --led-trigger-id a --led-delay 4294967295 ; -j LED --led-trigger-id "a" --led-delay -1 ; OK
-j LED --led-trigger-id a --led-delay 2147483648 ; -j LED --led-trigger-id "a" --led-delay -2147483648 ; OK
-j LED --led-trigger-id 01234567890123456 ; ; FAIL at most 16
-j LED ; ; FAIL LED needs --led-trigger-id
-j LED --led-delay 5 ; ; FAIL LED needs --led-trigger-id
-j LED --led-trigger-id a --led-delay x ; ; FAIL "x" is not a number from 0 to 4294967295
-j LED --led-trigger-id a --led-delay -1 ; ; FAIL "-1" is not a number from 0 to 4294967295
-j LED --led-trigger-id a --led-delay 4294967296 ; ; FAIL 4294967296 is out of range (0 to 4294967295)
-j LED --led-trigger-id a --led-trigger-id b ; ; FAIL --led-trigger-id
# family ipv6
-j LED --led-trigger-id "a" ; = ; OK
