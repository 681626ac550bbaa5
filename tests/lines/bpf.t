# SPDX-License-Identifier: GPL-2.0-or-later
# -m bpf: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
-m bpf --bytecode "4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0" ; = ; OK
-m bpf --bytecode "1,6 0 0 65535" -j DROP ; = ; OK
-m bpf --bytecode "1,6 0 0 0," ; -m bpf --bytecode "1,6 0 0 0" ; OK
-m bpf --bytecode "2, 48 0 0 9, 22 0 0 0" ; -m bpf --bytecode "2,48 0 0 9,22 0 0 0" ; OK
-m bpf --bytecode "3,40 0 0 4294963200,21 0 0 1,6 0 0 1" ; = ; OK
-m bpf --bytecode "0," ; ; FAIL --bytecode: one to 64 instructions
-m bpf --bytecode "65,6 0 0 1" ; ; FAIL --bytecode: one to 64 instructions
-m bpf --bytecode "2,6 0 0 1" ; ; FAIL --bytecode: there are fewer instructions than it says
-m bpf --bytecode "1,6 0 0 1,6 0 0 1" ; ; FAIL --bytecode: there are more instructions than it says
-m bpf --bytecode "1,6 0 0" ; ; FAIL --bytecode: an instruction is CODE JT JF K
-m bpf --bytecode "4" ; ; FAIL --bytecode: it does not begin with its number of instructions
-m bpf --bytecode "x,6 0 0 1" ; ; FAIL --bytecode: it does not begin with its number of instructions
-m bpf --bytecode "1,48 0 0 9" ; ; FAIL the kernel refuses this BPF program
-m bpf --bytecode "1,65535 0 0 9" ; ; FAIL the kernel refuses this BPF program
-m bpf --bytecode "2,21 9 9 1,6 0 0 1" ; ; FAIL the kernel refuses this BPF program
-m bpf --bytecode "2,52 0 0 0,6 0 0 1" ; ; FAIL the kernel refuses this BPF program
-m bpf --bytecode "2,96 0 0 3,6 0 0 1" ; ; FAIL the kernel refuses this BPF program
-m bpf --bytecode "3,2 0 0 3,96 0 0 3,22 0 0 0" ; = ; OK
-m bpf --bytecode "3,2 0 0 16,96 0 0 3,22 0 0 0" ; ; FAIL the kernel refuses this BPF program
-m bpf --bytecode "2,100 0 0 32,6 0 0 1" ; ; FAIL the kernel refuses this BPF program
-m bpf --bytecode "1,6 0 0 1" --object-pinned /x ; ; FAIL --object-pinned cannot stand together with --bytecode
-m bpf ; ; FAIL bpf needs --bytecode or --object-pinned
# family ipv6
-m bpf --bytecode "4,48 0 0 6,21 0 1 6,6 0 0 1,6 0 0 0" ; = ; OK

# family ipv4
# table filter
# chain FORWARD
-m bpf --bytecode "2,4 0 0 1,4 0 0 2" ; ; FAIL the kernel refuses this BPF program
-m bpf --bytecode "2,84 0 0 1,6 0 0 0" ; = ; OK
-m bpf --bytecode "2,21 9 9 1,6 0 0 0" ; ; FAIL the kernel refuses this BPF program
-m bpf --bytecode "2,52 0 0 0,6 0 0 0" ; ; FAIL the kernel refuses this BPF program
-m bpf --bytecode "2,40 0 0 12,1 0 0 5" ; ; FAIL the kernel refuses this BPF program
