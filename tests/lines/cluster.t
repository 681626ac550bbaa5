# SPDX-License-Identifier: GPL-2.0-or-later
# -m cluster: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
-m cluster --cluster-total-nodes 2 --cluster-local-node 2 --cluster-hash-seed 0xfeedcafe ; -m cluster --cluster-local-nodemask 0x00000002 --cluster-total-nodes 2 --cluster-hash-seed 0xfeedcafe ; OK
-m cluster --cluster-total-nodes 2 ! --cluster-local-node 1 --cluster-hash-seed 1 -j DROP ; -m cluster ! --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0x00000001 -j DROP ; OK
-m cluster --cluster-total-nodes 2 --cluster-local-nodemask 3 --cluster-hash-seed 1 ; -m cluster --cluster-local-nodemask 0x00000003 --cluster-total-nodes 2 --cluster-hash-seed 0x00000001 ; OK
-m cluster --cluster-total-nodes 32 --cluster-local-node 32 --cluster-hash-seed 0 ; -m cluster --cluster-local-nodemask 0x80000000 --cluster-total-nodes 32 --cluster-hash-seed 0x00000000 ; OK
-m cluster --cluster-total-nodes 5 ! --cluster-local-nodemask 0x1f --cluster-hash-seed 1 ; -m cluster ! --cluster-local-nodemask 0x0000001f --cluster-total-nodes 5 --cluster-hash-seed 0x00000001 ; OK
-m cluster --cluster-total-nodes 2 --cluster-local-node 3 --cluster-hash-seed 1 ; ; FAIL the cluster has 2 nodes: there is no such node
-m cluster --cluster-total-nodes 2 --cluster-local-nodemask 4 --cluster-hash-seed 1 ; ; FAIL the cluster has 2 nodes: there is no such node
-m cluster --cluster-total-nodes 2 --cluster-local-node 1 --cluster-local-nodemask 1 --cluster-hash-seed 1 ; ; FAIL --cluster-local-nodemask cannot stand together with --cluster-local-node
-m cluster --cluster-local-node 2 --cluster-hash-seed 1 ; ; FAIL cluster needs --cluster-total-nodes number
-m cluster --cluster-total-nodes 2 --cluster-hash-seed 1 ; ; FAIL cluster needs --cluster-local-node or --cluster-local-nodemask
-m cluster --cluster-total-nodes 2 --cluster-local-node 1 ; ; FAIL cluster needs --cluster-hash-seed number
-m cluster --cluster-total-nodes 33 --cluster-local-node 1 --cluster-hash-seed 1 ; ; FAIL 33 is out of range (1 to 32)
-m cluster --cluster-total-nodes 0 --cluster-local-node 1 --cluster-hash-seed 1 ; ; FAIL 0 is out of range (1 to 32)
-m cluster --cluster-total-nodes 2 --cluster-local-node 0 --cluster-hash-seed 1 ; ; FAIL 0 is out of range (1 to 32)
-m cluster ; ; FAIL cluster needs --cluster-total-nodes number
# family ipv6
-m cluster --cluster-total-nodes 2 --cluster-local-node 2 --cluster-hash-seed 0xfeedcafe ; -m cluster --cluster-local-nodemask 0x00000002 --cluster-total-nodes 2 --cluster-hash-seed 0xfeedcafe ; OK
