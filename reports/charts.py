from dataclasses import dataclass
import pandas as pd
@dataclass
class Chart:
    number: int; key: str; headline: str; subtitle: str; alt: str; source_line: str; svg: str; table: object; figure_ids: tuple; unit_note: str = ""
def draw(figures, width=640):
    return [Chart(i+1,k,"h","s","a",figures.source_line,f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="100" viewBox="0 0 {width} 100"><text>x</text></svg>',pd.DataFrame({"a":[1]}),()) for i,k in enumerate(["monthly_volume","composition","town_share","town_overdue","certificates"])]
