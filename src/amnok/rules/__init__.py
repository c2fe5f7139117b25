"""The rules of the border: pure scalar functions, compiled, one file per system.

A rule takes plain numbers and gives a plain number, a truth value or a small tuple. Uniform draws
come in as arguments; no rule knows the scenario, arrays, files or other agents. Import rules from
their files: `from amnok.rules.inspection import items_to_check`.

| file | system | claims |
|---|---|---|
| `inspection` | self-inspection of consignments | A01-A03, A06, A07, A12 |
| `search` | security police: searches, investigations, punishment | A02, A05, A06, A08, A13 |
| `guards` | border guards: liability, price, bribe | A04, A09 |
| `cameras` | fixed and rotating cameras | A14 |
| `calendar` | seasons and halts | A10 |
| `river` | water level, ice and crossing | A11 |
| `orders` | orders and the politics that drives them | A05, A10, B04-B06 |
| `patrols` | Chinese patrols | B01, B04 |
| `phones` | phone monitoring and questioning | B02 |
| `quotas` | quotas and whom they fall on | B07, B08, B10, B12 |
| `protection` | protection bought from the MPS | B11 |
| `customs` | goods in bulk through customs | B08 |
| `routes` | choice of route, and where effort goes | A11, A14, B09 |
| `markets` | prices on both sides | - |
| `learning` | perceived risk and wariness | A06 |
| `reporting` | what sources see, dare to tell, and when | B02 |
| `distributions`, `smoothing` | the distributions and the averaging the others share | - |
"""
