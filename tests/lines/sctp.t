# SPDX-License-Identifier: GPL-2.0-or-later
# -m sctp: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-p sctp -m sctp --dport amqp ; -p sctp -m sctp --dport 5672 ; OK
-p sctp -m sctp --dport http ; ; FAIL http is no service of sctp
-p sctp -m sctp --dport 80 ; = ; OK
-p sctp -m sctp --dport 1:5 ; = ; OK
-p sctp -m sctp ! --sport 80 ; = ; OK
-p sctp -m sctp --sport :100 --dport 100: ; -p sctp -m sctp --sport 0:100 --dport 100:65535 ; OK
-p sctp -m sctp --dport 5:1 ; ; FAIL the range 5:1 is empty
-p sctp -m sctp --dport 65536 ; ; FAIL port 65536 is out of range (0 to 65535)
-p sctp --dport 36412 ; -p sctp -m sctp --dport 36412 ; OK
-p sctp -m sctp ; = ; OK
-m sctp --dport 80 ; ; FAIL match sctp needs a protocol that it understands
-p tcp -m sctp --dport 80 ; ; FAIL match sctp needs a protocol that it understands
-p sctp -m sctp --dport 0:65535 ; = ; OK
-p sctp -m sctp --dport 7 -m mark --mark 0x1 ; = ; OK
-p sctp -m sctp --chunk-types any INIT ; = ; OK
-p sctp -m sctp --chunk-types all INIT,INIT_ACK ; = ; OK
-p sctp -m sctp --chunk-types only DATA ; = ; OK
-p sctp -m sctp ! --chunk-types any DATA ; = ; OK
-p sctp -m sctp --chunk-types any DATA:Be ; = ; OK
-p sctp -m sctp --chunk-types any DATA:IUBE,ABORT:t ; = ; OK
-p sctp -m sctp --chunk-types any ALL ; = ; OK
-p sctp -m sctp --chunk-types any NONE ; = ; OK
-p sctp -m sctp --chunk-types any NOTHING ; ; FAIL unknown chunk type: "NOTHING"
-p sctp -m sctp --chunk-types some INIT ; ; FAIL unknown rule "some"
-p sctp -m sctp --chunk-types any init,sack ; -p sctp -m sctp --chunk-types any INIT,SACK ; OK
-p sctp -m sctp --chunk-types any INIT:T ; ; FAIL the type has no such flag: "INIT:T"
-p sctp -m sctp --chunk-types any ; ; FAIL --chunk-types needs two values
-p sctp -m sctp --chunk-types any ASCONF,ASCONF_ACK,FORWARD_TSN ; -p sctp -m sctp --chunk-types any ASCONF_ACK,FORWARD_TSN,ASCONF ; OK
-p sctp -m sctp --chunk-types any I_DATA,RE_CONFIG,PAD,I_FORWARD_TSN ; = ; OK
-p sctp -m sctp --dport 5 --chunk-types only SHUTDOWN_COMPLETE:T ; = ; OK

# family ipv6
-p sctp -m sctp --dport 80 ; = ; OK
