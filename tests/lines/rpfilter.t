# SPDX-License-Identifier: GPL-2.0-or-later
# -m rpfilter: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table mangle
# chain PREROUTING
-m rpfilter ; = ; OK
-m rpfilter --loose ; = ; OK
-m rpfilter --validmark ; = ; OK
-m rpfilter --accept-local ; = ; OK
-m rpfilter --invert -j DROP ; = ; OK
-m rpfilter --invert --accept-local --validmark --loose ; -m rpfilter --loose --validmark --accept-local --invert ; OK
-m rpfilter ! --loose ; ; FAIL --loose cannot be inverted
-m rpfilter --loose --loose ; ; FAIL --loose is given twice
# table raw
-m rpfilter --invert -j DROP ; = ; OK
# table nat
-m rpfilter ; ; FAIL rpfilter cannot be used in table nat
# table filter
# chain INPUT
-m rpfilter ; ; FAIL rpfilter cannot be used in INPUT
# table mangle
# chain FORWARD
-m rpfilter ; ; FAIL rpfilter cannot be used in FORWARD
# family ipv6
# table raw
# chain PREROUTING
-m rpfilter --loose --accept-local ; = ; OK
