"""Files for the X12 benchmarks: invented remittances and claims of any size, always balanced.

Names, numbers, dates and lines differ in every claim; amounts follow a fee schedule and the rates of twenty plans, as
those of a real practice do.
"""

import random
from collections.abc import Iterator

ISA = "ISA*00*          *00*          *ZZ*PAYER          *ZZ*HANDBILL       *260302*1015*^*00501*000000101*0*T*:~"
NAMES = (
    "ALDER",
    "BIRCH",
    "CEDAR",
    "ELM",
    "FIR",
    "HAZEL",
    "LARCH",
    "MAPLE",
    "OAKES",
    "PINE",
    "ROWAN",
    "SPRUCE",
    "WILLOW",
)
FIRST = ("ADA", "BEN", "CLEO", "DEV", "EVE", "FINN", "GUS", "HAL", "IDA", "JUNE", "KAI", "LENA", "MILO", "NORA", "OTTO")
CODES = ("97124", "97140", "97110", "97112", "97530", "97010")
FEES = {"97124": 3150, "97140": 3425, "97110": 3580, "97112": 3790, "97530": 3965, "97010": 1275}
# Copays; nought stands for a coinsurance of a fifth of what is allowed.
SHARES = (0, 0, 1500, 2000, 2500, 3000, 4000)
PROVIDERS = ("1234567893", "1497758544", "1679576722", "1982671590")


def dollars(cents: int) -> str:
    """Cents as the standard wants them."""
    text = f"{abs(cents) // 100}.{abs(cents) % 100:02d}".rstrip("0").rstrip(".")
    return f"-{text}" if cents < 0 else text


def remittance_claim(number: int, chance: random.Random) -> tuple[list[str], int]:
    """One CLP loop of one to four lines, and what it pays."""
    lines, charged, paid, owed = [], 0, 0, 0
    month, date = chance.randint(1, 12), chance.randint(1, 28)
    day = f"2025{month:02d}{date:02d}"
    plan = chance.randrange(20)
    for index in range(chance.randint(1, 4)):
        code, units = chance.choice(CODES), chance.randint(1, 6)
        charge = units * FEES[code]
        contract = units * (FEES[code] * (10 + plan) // 100)
        share = min(charge - contract, chance.choice(SHARES) or (charge - contract) // 5)
        pays = charge - contract - share
        charged, paid, owed = charged + charge, paid + pays, owed + share
        lines.append(f"SVC*HC:{code}:GP*{dollars(charge)}*{dollars(pays)}**{units}")
        lines.append(f"DTM*472*{day}")
        lines.append(f"CAS*CO*45*{dollars(contract)}")
        if share:
            lines.append(f"CAS*PR*{chance.choice('123')}*{dollars(share)}")
        lines.append(f"REF*6R*{number:07d}{index}")
        lines.append(f"AMT*B6*{dollars(charge - contract)}")
        if chance.random() < 0.2:
            lines.append("LQ*HE*N130")
    payers_number = chance.randint(10**9, 10**10)
    head = [
        f"CLP*C{number:09d}*1*{dollars(charged)}*{dollars(paid)}*{dollars(owed)}*12*P{payers_number}*11*1",
        f"NM1*QC*1*{chance.choice(NAMES)}*{chance.choice(FIRST)}****MI*W{chance.randint(10**8, 10**9)}",
        f"NM1*82*1*{chance.choice(NAMES)}*{chance.choice(FIRST)}****XX*{chance.choice(PROVIDERS)}",
        f"REF*1L*G{chance.randint(1000, 9999)}",
        "DTM*050*20260115",
    ]
    return head + lines, paid


def remittances(size: int, claims_each: int, seed: int = 7) -> Iterator[bytes]:
    """An 835 of about `size` bytes in pieces, with so many claims in each ST (0: all in one).

    The single ST is written with the payment that its claims add up to, so it is made twice from the same seed.
    """
    yield (ISA + "GS*HP*PAYER*HANDBILL*20260302*1015*101*X*005010X221A1~").encode()
    chance, made, number, transactions = random.Random(seed), 0, 0, 0
    while made < size:
        transactions += 1
        claims: list[str] = []
        total = segments = 0
        while (claims_each and number < transactions * claims_each) or (not claims_each and made < size):
            lines, paid = remittance_claim(number, chance)
            text = "~".join(lines) + "~"
            claims.append(text)
            made += len(text)
            number, total, segments = number + 1, total + paid, segments + len(lines)
        head = [
            f"ST*835*{transactions:04d}",
            f"BPR*I*{dollars(total)}*C*ACH*CCP*01*999999992*DA*123456*1512345678**01*999999992*DA*98765*20260302",
            f"TRN*1*EFT{transactions:06d}*1512345678",
            "DTM*405*20260302",
            "N1*PR*CASCADE HEALTH",
            "N3*9 LAKE RD",
            "N4*SEATTLE*WA*981010000",
            "PER*BL*EDI HELP*TE*8005550100",
            "N1*PE*RAINIER BODYWORK*XX*1234567893",
            "REF*TJ*912345678",
            "LX*1",
        ]
        yield ("~".join(head) + "~").encode()
        for text in claims:
            yield text.encode()
        yield f"SE*{segments + len(head) + 1}*{transactions:04d}~".encode()
    yield f"GE*{transactions}*101~IEA*1*000000101~".encode()


def professional_claim(number: int, chance: random.Random, levels: int) -> list[str]:
    """One subscriber level with a claim of one to four lines."""
    day = f"2025{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    charges = [chance.randint(3000, 24000) for _ in range(chance.randint(1, 4))]
    segments = [
        f"HL*{levels}*1*22*0",
        "SBR*P*18*******CI",
        f"NM1*IL*1*{chance.choice(NAMES)}*{chance.choice(FIRST)}****MI*W{chance.randint(10**8, 10**9)}",
        f"N3*{chance.randint(1, 9999)} ELM AVE",
        "N4*SEATTLE*WA*981010000",
        f"DMG*D8*19{chance.randint(40, 99)}0517*F",
        "NM1*PR*2*CASCADE HEALTH*****PI*60054",
        f"CLM*C{number:09d}*{dollars(sum(charges))}***11:B:1*Y*A*Y*Y",
        "HI*ABK:M542*ABF:M546",
        f"NM1*82*1*{chance.choice(NAMES)}*{chance.choice(FIRST)}****XX*{chance.choice(PROVIDERS)}",
        "PRV*PE*PXC*225700000X",
    ]
    for index, charge in enumerate(charges, 1):
        segments += [
            f"LX*{index}",
            f"SV1*HC:{chance.choice(CODES)}:GP*{dollars(charge)}*UN*{chance.randint(1, 6)}***1:2",
            f"DTP*472*D8*{day}",
            f"REF*6R*{number:07d}{index}",
        ]
    return segments


def claims(size: int, claims_each: int, seed: int = 7) -> Iterator[bytes]:
    """An 837P of about `size` bytes in pieces, with so many claims in each ST (0: all in one)."""
    yield (ISA + "GS*HC*HANDBILL*PAYER*20260302*1015*101*X*005010X222A1~").encode()
    chance, made, number, transactions = random.Random(seed), 0, 0, 0
    while made < size:
        transactions += 1
        head = [
            f"ST*837*{transactions:04d}*005010X222A1",
            f"BHT*0019*00*B{transactions}*20260302*1015*CH",
            "NM1*41*2*RAINIER BODYWORK*****46*HB01",
            "PER*IC*BILLING*TE*2065550100",
            "NM1*40*2*CLEARING*****46*CH01",
            "HL*1**20*1",
            "PRV*BI*PXC*225700000X",
            "NM1*85*2*RAINIER BODYWORK*****XX*1234567893",
            "N3*1 PINE ST",
            "N4*SEATTLE*WA*981010000",
            "REF*EI*912345678",
        ]
        yield ("~".join(head) + "~").encode()
        count, levels = len(head), 1
        while (claims_each and number < transactions * claims_each) or (not claims_each and made < size):
            levels += 1
            lines = professional_claim(number, chance, levels)
            text = "~".join(lines) + "~"
            yield text.encode()
            made, number, count = made + len(text), number + 1, count + len(lines)
        yield f"SE*{count + 1}*{transactions:04d}~".encode()
    yield f"GE*{transactions}*101~IEA*1*000000101~".encode()
