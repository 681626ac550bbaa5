# SPDX-License-Identifier: GPL-2.0-or-later
# -j SECMARK: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it, where SELinux knows the context.

# family ipv4
# table mangle
# chain PREROUTING
-j SECMARK ; ; FAIL SECMARK needs --selctx context
# table filter
# chain INPUT
-j SECMARK --selctx system_u:object_r:firewalld_exec_t:s0 ; ; FAIL SECMARK cannot be used in table filter
# table security
# command-before test -d /sys/fs/selinux/class
-j SECMARK --selctx system_u:object_r:firewalld_exec_t:s0 ; = ; OK
# family ipv6
-j SECMARK --selctx system_u:object_r:firewalld_exec_t:s0 ; = ; OK
