# SPDX-License-Identifier: GPL-2.0-or-later
# -m multiport: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-p udp -m multiport --dports tftp,53 ; -p udp -m multiport --dports 69,53 ; OK
-p tcp -m multiport --dports tftp ; ; FAIL tftp is no service of tcp
-p udp -m multiport --dports http ; ; FAIL http is no service of udp
-p sctp -m multiport --dports http ; ; FAIL http is no service of sctp
-p tcp --dport 1 -m multiport --sports 1,2 ; -p tcp -m tcp --dport 1 -m multiport --sports 1,2 ; OK
-p tcp -m multiport --dports 1,2 ; = ; OK
-p tcp -m multiport --dports 1,2:5 ; = ; OK
-p tcp -m multiport ! --sports 22,http:8080 ; -p tcp -m multiport ! --sports 22,80:8080 ; OK
-p tcp -m multiport --ports 53 ; = ; OK
-p udp -m multiport --source-ports 53,domain ; -p udp -m multiport --sports 53,53 ; OK
-p udp -m multiport --destination-ports :53 ; ; FAIL a port is missing
-p udp -m multiport --destination-ports 53: ; ; FAIL a port is missing
-p udp -m multiport --destination-ports : ; ; FAIL a port is missing
-p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15 ; = ; OK
-p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16 ; ; FAIL more than 15 ports
-p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14:15 ; = ; OK
-p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15:16 ; ; FAIL more than 15 ports
-p tcp -m multiport --dports 1:2,3:4,5:6,7:8,9:10,11:12,13:14,15 ; = ; OK
-p tcp -m multiport --dports 1:2,3:4,5:6,7:8,9:10,11:12,13:14,15:16 ; ; FAIL more than 15 ports
-p tcp -m multiport --dports 5:1 ; ; FAIL the range 5:1 is not one
-p tcp -m multiport --dports 5:5 ; ; FAIL the range 5:5 is not one
-p tcp -m multiport --dports 5:6:7 ; ; FAIL "6:7" is neither a port nor the name of a service
-p tcp -m multiport --dports 1,,2 ; ; FAIL a port is missing
-p tcp -m multiport --dports 1, ; ; FAIL a port is missing
-p tcp -m multiport --dports ,1 ; ; FAIL a port is missing
-p tcp -m multiport --dports "" ; ; FAIL a port is missing
-p tcp -m multiport --dports 65536 ; ; FAIL port 65536 is out of range (0 to 65535)
-p tcp -m multiport --dports -1 ; ; FAIL "-1" is neither a port nor the name of a service
-p tcp -m multiport --dports nosuch ; ; FAIL "nosuch" is neither a port nor the name of a service
-p tcp -m multiport --dports 0x50 ; -p tcp -m multiport --dports 80 ; OK
-p tcp -m multiport --dports 1 --sports 2 ; ; FAIL --sports cannot stand together with --dports or --ports
-p tcp -m multiport --dports 1 --dports 2 ; ; FAIL --dports is given twice
-p tcp -m multiport --ports 1 --dports 2 ; ; FAIL --dports cannot stand together with --sports or --ports
-p tcp -m multiport ; ; FAIL multiport needs --sports, --dports or --ports
-m multiport --dports 1 ; ; FAIL match multiport needs a protocol that it understands
! -p tcp -m multiport --dports 1 ; ; FAIL match multiport needs a protocol that it understands
-p icmp -m multiport --dports 1 ; ; FAIL match multiport needs a protocol that it understands
-p udplite -m multiport --dports 1 ; = ; OK
-p sctp -m multiport --dports 1 ; = ; OK
-p dccp -m multiport --dports 1 ; = ; OK
-p 132 -m multiport ! --dports 1 ; -p sctp -m multiport ! --dports 1 ; OK
-p all -m multiport --dports 1 ; ; FAIL match multiport needs a protocol that it understands
-p tcp -m multiport --dports 1 -m multiport --sports 2 ; = ; OK
-p tcp -m multiport --dports "1, 2" ; -p tcp -m multiport --dports 1,2 ; OK
-p tcp -m multiport --dport 1 ; -p tcp -m multiport --dports 1 ; OK
-p tcp -m multiport --sport 1 ; -p tcp -m multiport --sports 1 ; OK
-p udp -m multiport --dports tftp ; -p udp -m multiport --dports 69 ; OK
-m multiport -p tcp --dports 1 ; -p tcp -m multiport --dports 1 ; OK
-p tcp -m multiport --p 5 ; ; FAIL --p is ambiguous
-p tcp -m multiport --port 5 ; -p tcp -m multiport --ports 5 ; OK

# family ipv6
-p tcp -m multiport --dports 1,2 ; = ; OK
