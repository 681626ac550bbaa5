# SPDX-License-Identifier: GPL-2.0-or-later
# -j CLUSTERIP: as the extension of iptables 1.8.9 parses and prints it. Kernels behind 6.1 refuse it; those that have it want a destination and an interface.

# command-before iptables-legacy -A INPUT -d 10.9.9.9 -i lo -j CLUSTERIP --new --hashmode sourceip --clustermac 01:02:03:04:05:06 --total-nodes 2 --local-node 1
-d 10.0.0.1/32 -i lo -j CLUSTERIP --new --hashmode sourceip --clustermac 01:02:03:04:05:06 --total-nodes 2 --local-node 1 ; -d 10.0.0.1/32 -i lo -j CLUSTERIP --new --hashmode sourceip --clustermac 01:02:03:04:05:06 --total-nodes 2 --local-node 1 --hash-init 0 ; OK
-d 10.0.0.2/32 -i lo -j CLUSTERIP --local-node 1 --total-nodes 2 --clustermac 1:2:3:4:5:6 --hashmode sourceip --new --hash-init 5 ; -d 10.0.0.2/32 -i lo -j CLUSTERIP --new --hashmode sourceip --clustermac 01:02:03:04:05:06 --total-nodes 2 --local-node 1 --hash-init 5 ; OK
-d 10.0.0.3/32 -i lo -j CLUSTERIP --new --hashmode sourceip-sourceport --clustermac 01:02:03:04:05:06 --total-nodes 16 --local-node 16 --hash-init 1 ; = ; OK
-d 10.0.0.4/32 -i lo -j CLUSTERIP --new --hashmode sourceip-sourceport-destport --clustermac 01:02:03:04:05:06 --total-nodes 2 --local-node 1 --hash-init 0 ; = ; OK
-d 10.0.0.5/32 -i lo -j CLUSTERIP --new --hashmode foo --clustermac 01:02:03:04:05:06 --total-nodes 2 --local-node 1 ; ; FAIL "foo"
-d 10.0.0.5/32 -i lo -j CLUSTERIP --new ; ; FAIL CLUSTERIP needs --new, --hashmode, --clustermac, --total-nodes and --local-node together
-d 10.0.0.5/32 -i lo -j CLUSTERIP --hash-init 4 ; ; FAIL together
-d 10.0.0.5/32 -i lo -j CLUSTERIP --new --hashmode sourceip --clustermac 00:02:03:04:05:06 --total-nodes 2 --local-node 1 ; ; FAIL is not a multicast address
-d 10.0.0.5/32 -i lo -j CLUSTERIP --new --hashmode sourceip --clustermac 1:2:3:4:5 --total-nodes 2 --local-node 1 ; ; FAIL is not a MAC address
-d 10.0.0.5/32 -i lo -j CLUSTERIP --new --hashmode sourceip --clustermac 01:02:03:04:05:06 --total-nodes 17 --local-node 1 ; ; FAIL 17 is out of range (0 to 16)
-d 10.0.0.5/32 -i lo -j CLUSTERIP --new --hashmode sourceip --clustermac 01:02:03:04:05:06 --total-nodes 2 --local-node 1 --new ; ; FAIL --new
-d 10.0.0.5/32 -i lo -j CLUSTERIP ; ; FAIL together
# family ipv6
-j CLUSTERIP ; ; FAIL target CLUSTERIP is for IPv4 rules only
