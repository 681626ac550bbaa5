# SPDX-License-Identifier: GPL-2.0-or-later
# -m dccp: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
-p dccp -m dccp --sport 1 ; = ; OK
-p dccp -m dccp --sport 1:1023 ; = ; OK
-p dccp -m dccp --sport :5 ; -p dccp -m dccp --sport 0:5 ; OK
-p dccp -m dccp --sport 5: ; -p dccp -m dccp --sport 5:65535 ; OK
-p dccp -m dccp ! --sport 1:1023 ; = ; OK
-p dccp -m dccp --source-port 80 --destination-port 8080 ; -p dccp -m dccp --sport 80 --dport 8080 ; OK
-p dccp -m dccp --sport 0:65535 ; = ; OK
-p dccp -m dccp --dport http ; -p dccp -m dccp --dport 80 ; OK
-p dccp --dport 80 ; -p dccp -m dccp --dport 80 ; OK
-p dccp -m dccp --dccp-types REQUEST ; = ; OK
-p dccp -m dccp ! --dccp-types REQUEST,response ; -p dccp -m dccp ! --dccp-types REQUEST,RESPONSE ; OK
-p dccp -m dccp --dccp-types SYNCACK,REQUEST,RESPONSE,DATA,ACK,DATAACK,CLOSEREQ,CLOSE,RESET,SYNC ; -p dccp -m dccp --dccp-types REQUEST,RESPONSE,DATA,ACK,DATAACK,CLOSEREQ,CLOSE,RESET,SYNC,SYNCACK ; OK
-p dccp -m dccp --dccp-types INVALID ; = ; OK
-p dccp -m dccp --dccp-types RESET,INVALID,, ; -p dccp -m dccp --dccp-types RESET,INVALID ; OK
-p dccp -m dccp --dccp-option 1 ; = ; OK
-p dccp -m dccp ! --dccp-option 255 ; = ; OK
-p dccp -m dccp --sport 1 --dport 2 --dccp-types DATA --dccp-option 3 -j DROP ; = ; OK
-p dccp -m dccp ; = ; OK
-p dccp -m dccp --dccp-option 0 ; ; FAIL 0 is out of range (1 to 255)
-p dccp -m dccp --dccp-option 256 ; ; FAIL 256 is out of range (1 to 255)
-p dccp -m dccp --dccp-types REQ ; ; FAIL unknown type "REQ"
-p dccp -m dccp --sport nosuch ; ; FAIL "nosuch" is neither a port nor the name of a service
-m dccp --sport 1 ; ; FAIL match dccp needs a protocol that it understands

# family ipv6
-p dccp -m dccp --dport 5 ; = ; OK
