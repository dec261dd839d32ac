"""Exact results for tests: closed forms, small exact solvers, and a table of their values.

Nothing in here simulates, and nothing in `sim` imports it. Conventions: rates are per unit of
time; ``a = lam / mu`` is the offered load, ``rho`` the load per server; W is time in system,
Wq waiting before the first start of service, L and Lq the matching mean numbers; service is
first come first served unless a name says otherwise.
"""
