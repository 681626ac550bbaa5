# SPDX-License-Identifier: GPL-2.0-or-later
# -j CT: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-j CT --notrack ; ; FAIL CT cannot be used in table filter
-j CT --zone 1 ; ; FAIL CT cannot be used in table filter

# table mangle
# chain OUTPUT
-j CT --notrack ; ; FAIL CT cannot be used in table mangle

# table raw
# chain PREROUTING
-j CT --notrack ; = ; OK
-j CT ; = ; OK
-j CT --ctevents new ; = ; OK
-j CT --ctevents new,destroy ; = ; OK
-j CT --ctevents new,related,destroy,reply,assured,protoinfo,helper,mark,natseqinfo,secmark ; = ; OK
-j CT --ctevents label ; ; FAIL unknown event "label"
-j CT --ctevents nosuch ; ; FAIL unknown event "nosuch"
-j CT --ctevents all ; ; FAIL unknown event "all"
-j CT --ctevents none ; ; FAIL unknown event "none"
-j CT --ctevents "" ; ; FAIL a event is missing
-j CT --ctevents NEW ; ; FAIL unknown event "NEW"
-j CT --ctevents ne ; ; FAIL unknown event "ne"
-j CT --expevents new ; = ; OK
-j CT --expevents foo ; ; FAIL unknown event "foo"
-j CT --expevents "" ; ; FAIL a event is missing
-j CT --expevents destroy ; ; FAIL unknown event "destroy"
-j CT --zone 5 ; = ; OK
-j CT --zone 0 ; -j CT ; OK
-j CT --zone 65535 ; = ; OK
-j CT --zone 65536 ; ; FAIL 65536 is out of range (0 to 65535)
-j CT --zone mark ; = ; OK
-j CT --zone MARK ; -j CT --zone mark ; OK
-j CT --zone m ; ; FAIL "m" is not a number from 0 to 65535
-j CT --zone-orig 5 ; = ; OK
-j CT --zone-reply 5 ; = ; OK
-j CT --zone-orig 5 --zone-reply 6 ; -j CT --zone 6 ; OK
-j CT --zone-orig mark ; = ; OK
-j CT --zone-reply mark ; = ; OK
-j CT --zone 5 --zone-orig 6 ; -j CT --zone-orig 6 ; OK
-j CT --zone 0x10 ; -j CT --zone 16 ; OK
-j CT --zone abc ; ; FAIL "abc" is not a number from 0 to 65535
-j CT --zone "" ; ; FAIL "" is not a number from 0 to 65535
-j CT --notrack --zone 5 ; = ; OK
-j CT --notrack --ctevents new ; = ; OK
-j CT ! --notrack ; ; FAIL --notrack cannot be inverted
-j CT --notrack --notrack ; ; FAIL --notrack is given twice
-j CT --zone 1 --zone 2 ; ; FAIL --zone is given twice
-p udp -j CT --helper tftp ; = ; OK
-p tcp -j CT --timeout "" ; -p tcp -j CT ; OK
-j CT --ctevents new, ; ; FAIL a event is missing
-j CT --ctevents destroy,new ; -j CT --ctevents new,destroy ; OK
-j CT --zone mark --zone-orig 6 ; -j CT --zone-orig mark ; OK
-j CT --zone 6 --zone-reply mark ; -j CT --zone-reply mark ; OK
-j CT --zone-orig mark --zone-reply mark ; -j CT --zone mark ; OK
-j CT --zone -1 ; ; FAIL "-1" is not a number from 0 to 65535
-j CT --zone 5x ; ; FAIL "5x" is not a number from 0 to 65535

# family ipv6
-j CT --notrack ; = ; OK
-p udp -j CT --helper tftp ; = ; OK
